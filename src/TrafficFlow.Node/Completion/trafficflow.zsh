#compdef trafficflow
# Completion of trafficflow in zsh: put it into a folder of $fpath as _trafficflow, before compinit
_trafficflow() {
  local line=trafficflow candidate
  local -a found
  # The program reads double quotes alone.
  for candidate in "${(@Q)words[2,CURRENT-1]}"; do
    [[ $candidate == *[[:blank:]]* ]] && candidate="\"$candidate\""
    line+=" $candidate"
  done
  line+=" $PREFIX"
  for candidate in "${(@f)$("${words[1]}" "[suggest:${#line}]" "$line" 2>/dev/null </dev/null)}"; do
    [[ -n $candidate && $candidate == "$PREFIX"* ]] || continue
    [[ $candidate == -* && $PREFIX != -* ]] && continue
    [[ $candidate == -? || $candidate == /? ]] && continue
    found+=("$candidate")
  done
  # Where nothing is suggested, as after --config, files are.
  if (( $#found )); then
    compadd -a found
  else
    _files
  fi
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _trafficflow "$@"
else
  compdef _trafficflow trafficflow
fi
