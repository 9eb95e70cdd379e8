// Two calendars as plain numbers: days are counted, so that months, weeks and leap years are one arithmetic.
import { d2g, d2j, g2d, isValidJalaaliDate, j2d, jalaaliMonthLength } from "jalaali-js";
import { asciiDigits, readerDigits } from "./dom.js";

const two = (number) => String(number).padStart(2, "0");

const GREGORIAN = {
  toDay: (year, month, day) => g2d(year, month, day),
  fromDay(number) {
    const { gy, gm, gd } = d2g(number);
    return { year: gy, month: gm, day: gd };
  },
  monthLength: (year, month) => new Date(Date.UTC(year, month, 0)).getUTCDate(),
  valid: (year, month, day) => month >= 1 && month <= 12 && day >= 1 && day <= GREGORIAN.monthLength(year, month),
  write: ({ year, month, day }) => `${year}-${two(month)}-${two(day)}`,
  intl: "gregory",
};

const JALALI = {
  toDay: (year, month, day) => j2d(year, month, day),
  fromDay(number) {
    const { jy, jm, jd } = d2j(number);
    return { year: jy, month: jm, day: jd };
  },
  monthLength: jalaaliMonthLength,
  valid: (year, month, day) => isValidJalaaliDate(year, month, day),
  write: ({ year, month, day }) => `${year}/${two(month)}/${two(day)}`,
  intl: "persian",
};

export const calendarOf = (name) => (name === "jalali" ? JALALI : GREGORIAN);

/** The number of today, in the time zone of the device. */
export function todayNumber() {
  const now = new Date();
  return g2d(now.getFullYear(), now.getMonth() + 1, now.getDate());
}

/** 0 Sunday to 6 Saturday. */
export const weekday = (number) => (((number + 1) % 7) + 7) % 7;

/** Read what was typed, any digits, either calendar (a year over 1700 is Gregorian); null when it is no date. */
export function readDay(value, calendar) {
  const parts = asciiDigits(value).match(/(\d{1,4})[/\-.](\d{1,2})[/\-.](\d{1,4})/);
  if (!parts) return null;
  let [year, month, day] = parts.slice(1, 4).map(Number);
  if (day > 31) [year, day] = [day, year];
  const used = year > 1700 ? GREGORIAN : calendar;
  return used.valid(year, month, day) ? used.toDay(year, month, day) : null;
}

export function readTime(value) {
  const parts = asciiDigits(value).match(/(\d{1,2}):(\d{2})/);
  return parts && Number(parts[1]) < 24 && Number(parts[2]) < 60 ? `${two(Number(parts[1]))}:${parts[2]}` : "";
}

function instant(number) {
  const { gy, gm, gd } = d2g(number);
  return new Date(Date.UTC(gy, gm - 1, gd, 12));
}

function formatter(calendar, options) {
  const language = document.documentElement.lang || "en";
  return new Intl.DateTimeFormat(`${language}-u-ca-${calendar.intl}-nu-latn`, { timeZone: "UTC", ...options });
}

/** "Azar 1405", in the reader's words and digits. */
export function monthTitle(number, calendar, digits) {
  const parts = formatter(calendar, { month: "long" }).formatToParts(instant(number));
  const month = parts.find((part) => part.type === "month").value;
  return readerDigits(`${month} ${calendar.fromDay(number).year}`, digits);
}

export function weekdayNames(firstDay) {
  const style = { weekday: (document.documentElement.lang || "en") === "fa" ? "narrow" : "short" };
  const names = formatter(GREGORIAN, style);
  const long = formatter(GREGORIAN, { weekday: "long" });
  const sunday = g2d(2023, 1, 1);
  return Array.from({ length: 7 }, (_, place) => {
    const day = instant(sunday + ((firstDay + place) % 7));
    return { short: names.format(day).slice(0, 3), long: long.format(day) };
  });
}

/** The whole date in words, for those who listen. */
export function spoken(number, calendar, digits) {
  const words = formatter(calendar, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
  if (document.documentElement.lang !== "fa") return readerDigits(words.format(instant(number)), digits);
  // browsers begin a Persian date with its year, which nobody says
  const part = Object.fromEntries(words.formatToParts(instant(number)).map(({ type, value }) => [type, value]));
  return readerDigits(`${part.weekday} ${part.day} ${part.month} ${calendar.fromDay(number).year}`, digits);
}
