"""What `make` uses: set-up, front-end build, test programs, catalogues. Set-up needs nothing but Python itself."""
