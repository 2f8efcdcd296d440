# Completion of trafficflow in bash: source it, or put it into /usr/share/bash-completion/completions/trafficflow
_trafficflow() {
  local part=${COMP_WORDS[COMP_CWORD]} line=${COMP_LINE:0:COMP_POINT} word prefix candidate
  # bash splits words at : and = too, the program only at blanks.
  word=${line##*[[:blank:]]}
  [[ $part == [:=] ]] && part=
  prefix=${word%"$part"}
  line="trafficflow${line#*"${COMP_WORDS[0]}"}"
  COMPREPLY=()
  while IFS= read -r candidate; do
    [[ $candidate == "$word"* ]] || continue
    [[ $candidate == -* && $word != -* ]] && continue
    [[ $candidate == -? || $candidate == /? ]] && continue
    COMPREPLY+=("${candidate#"$prefix"}")
  done < <("${COMP_WORDS[0]}" "[suggest:${#line}]" "$line" 2>/dev/null </dev/null)
}
# Where nothing is suggested, as after --config, files are.
complete -o default -F _trafficflow trafficflow
