/* The style sheet of the HTML report, byte for byte as in output/report.css. */
    .section .rodata
    .global report_style
    .global report_style_end
report_style:
    .incbin "output/report.css"
report_style_end:
    .byte 0

    .section .note.GNU-stack, "", %progbits
