/*
 * The texts of the built-in journeys, byte for byte as in funnel/journeys/. A new one: a line
 * here, in funnel/local.mk and in funnel/builtin_journeys.c.
 */
    .macro journey_text name, file
    .global builtin_journey_\name\()_yaml
    .global builtin_journey_\name\()_yaml_end
builtin_journey_\name\()_yaml:
    .incbin "\file"
builtin_journey_\name\()_yaml_end:
    .byte 0
    .endm

    .section .rodata
    journey_text default, funnel/journeys/default.yaml

    .section .note.GNU-stack, "", %progbits
