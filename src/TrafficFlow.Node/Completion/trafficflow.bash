# Completion of trafficflow in bash: source it, or put it into /usr/share/bash-completion/completions/trafficflow
_trafficflow() {
  local part=${COMP_WORDS[COMP_CWORD]} line=${COMP_LINE:0:COMP_POINT} words=() word='' raw='' quote='' char prefix candidate i
  line=${line#*"${COMP_WORDS[0]}"}
  # Words as the shell reads them, at blanks and without their quotes: names of files may have blanks.
  for ((i = 0; i < ${#line}; i++)); do
    char=${line:i:1}
    if [[ -z $quote && $char == [[:blank:]] ]]; then
      [[ -n $raw ]] && words+=("$word")
      word='' raw=''
      continue
    fi
    raw+=$char
    if [[ $char == "\\" && $quote != "'" ]]; then
      ((++i))
      raw+=${line:i:1}
      word+=${line:i:1}
    elif [[ $char == "$quote" ]]; then
      quote=''
    elif [[ -z $quote && $char == ["'\""] ]]; then
      quote=$char
    else
      word+=$char
    fi
  done
  # The program reads double quotes alone.
  line=trafficflow
  for candidate in "${words[@]}"; do
    [[ $candidate == *[[:blank:]]* ]] && candidate="\"$candidate\""
    line+=" $candidate"
  done
  line+=" $word"
  # bash splits what is typed at : and = too.
  [[ $part == [:=] ]] && part=''
  prefix=${raw%"$part"}
  COMPREPLY=()
  while IFS= read -r candidate; do
    [[ $candidate == "$word"* ]] || continue
    [[ $candidate == -* && $word != -* ]] && continue
    [[ $candidate == -? || $candidate == /? ]] && continue
    candidate=${candidate#"$prefix"}
    # Into quotes that are open it goes as it is.
    [[ -z $quote && -n $candidate ]] && printf -v candidate %q "$candidate"
    COMPREPLY+=("$candidate")
  done < <("${COMP_WORDS[0]}" "[suggest:${#line}]" "$line" 2>/dev/null </dev/null)
}
# Where nothing is suggested, as after --config, files are.
complete -o default -F _trafficflow trafficflow
