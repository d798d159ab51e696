# Puts the files that "@include NAME" names, found in the directory `from`, and the version into a page's source.
$1 == "@include" {
    file = from "/" $2
    while ((status = (getline line < file)) > 0) print line
    if (status < 0) {
        print "cannot read " file > "/dev/stderr"
        exit 1
    }
    close(file)
    next
}
{
    gsub(/@VERSION@/, version)
    print
}
