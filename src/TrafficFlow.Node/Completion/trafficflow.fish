# Completion of trafficflow in fish: put it into ~/.config/fish/completions/trafficflow.fish
function __trafficflow_complete
    set -l words (commandline -opc)
    set -l word (commandline -ct)
    set -l line trafficflow
    # The program reads double quotes alone.
    for each in $words[2..-1]
        string match -q -- '* *' "$each"; and set each "\"$each\""
        set line "$line $each"
    end
    set line "$line $word"
    set -l found
    for candidate in (command $words[1] "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null </dev/null)
        string match -q -- '-*' "$candidate"; and not string match -q -- '-*' "$word"; and continue
        string match -qr -- '^[-/].$' "$candidate"; and continue
        set -a found "$candidate"
    end
    # Where nothing is suggested, as after --config, files are.
    if set -q found[1]
        printf '%s\n' $found
    else
        __fish_complete_path "$word"
    end
end
complete -c trafficflow -f -a '(__trafficflow_complete)'
