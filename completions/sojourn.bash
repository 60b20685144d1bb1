# Completion of sojourn for bash. The long options, and the names of formats and built-in journeys,
# are asked of the program itself.

_sojourn_journeys() {
    "$1" journeys 2>/dev/null | awk '/^[a-z]/ { print $1 }'
}

_sojourn_formats() {
    "$1" plugins 2>/dev/null | awk '$1 == "format" { print $2 }'
}

_sojourn() {
    local commands='report detect explain journeys check-journey plugins'
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command='' word
    local -a words=()
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case $word in
        report | detect | explain | journeys | check-journey | plugins)
            command=$word
            break
            ;;
        esac
    done

    local values='' files=''
    case $previous in
    -j | --journey)
        values=$(_sojourn_journeys "$1")
        files=yes
        ;;
    -f | --log-format) values=$(_sojourn_formats "$1") ;;
    -g | --geo | -o | --output) files=yes ;;
    --as) values='text csv html' ;;
    --by) values='region subdivision city' ;;
    --color) values='auto always never' ;;
    --method) values='GET POST HEAD PUT DELETE PATCH OPTIONS' ;;
    --funnel | --since | --until | --time-zone | --date-format | --time-format | --threads | --min-cell | --status)
        return
        ;;
    *)
        case $current in
        -*)
            values=$("$1" --help 2>/dev/null | grep -oE -e '--[a-z-]+' | sort -u)
            ;;
        *)
            files=yes
            case $command in
            '') [ "$COMP_CWORD" -ne 1 ] || values=$commands ;;
            journeys)
                values=$(_sojourn_journeys "$1")
                files=
                ;;
            plugins) files= ;;
            esac
            ;;
        esac
        ;;
    esac

    mapfile -t COMPREPLY < <(compgen -W "$values" -- "$current")
    if [ -n "$files" ]; then
        mapfile -t words < <(compgen -f -- "$current")
        COMPREPLY+=("${words[@]}")
        compopt -o filenames 2>/dev/null
    fi
}

complete -F _sojourn sojourn
