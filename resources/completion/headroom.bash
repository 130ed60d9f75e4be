# Completion of headroom for bash; printed by 'headroom completion'.
_headroom() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} words files=
    COMPREPLY=()
    case $previous in
        --level) COMPREPLY=($(compgen -W "record flow auto" -- "$current")); return ;;
        --horizon) return ;;
        --seed) return ;;
        --replications) return ;;
        --threads) return ;;
        --store) COMPREPLY=($(compgen -f -- "$current")); return ;;
        --run) return ;;
        --set) return ;;
        --vary) return ;;
        -o|--output) COMPREPLY=($(compgen -f -- "$current")); return ;;
        --format) COMPREPLY=($(compgen -W "pdf html markdown xlsx" -- "$current")); return ;;
        --baseline) COMPREPLY=($(compgen -f -- "$current")); return ;;
        --charts) COMPREPLY=($(compgen -f -- "$current")); return ;;
        --sections) return ;;
        --template) COMPREPLY=($(compgen -f -- "$current")); return ;;
        --claims) COMPREPLY=($(compgen -f -- "$current")); return ;;
        --sample) COMPREPLY=($(compgen -f -- "$current")); return ;;
        --key) return ;;
        --time-limit) return ;;
        --memory-limit) return ;;
        --hold-back) return ;;
        --scenario) COMPREPLY=($(compgen -f -- "$current")); return ;;
        --nodes) return ;;
        --cases) COMPREPLY=($(compgen -f -- "$current")); return ;;
        --outage) return ;;
        --uncertain) return ;;
        --method) COMPREPLY=($(compgen -W "one-at-a-time morris sobol-indices" -- "$current")); return ;;
        --samples) return ;;
        --spread) return ;;
        --metric) return ;;
        --growth) return ;;
        --ahead) return ;;
        --column) return ;;
        --unit) return ;;
        --events) COMPREPLY=($(compgen -f -- "$current")); return ;;
        --workload) return ;;
        --onto) COMPREPLY=($(compgen -f -- "$current")); return ;;
        --buy-for) return ;;
        --penalty) return ;;
        --most-utilisation) return ;;
        --confidence) return ;;
        --shard) return ;;
    esac
    case ${COMP_WORDS[1]} in
        check) words="--set --json --help"; files=1 ;;
        run) words="--level --horizon --seed --replications --threads --set --store --all --json --csv --markdown --help"; files=1 ;;
        bill) words="--level --horizon --seed --replications --threads --set --json --csv --help"; files=1 ;;
        compare) words="--level --horizon --seed --replications --threads --set --store --all --json --csv --help"; files=1 ;;
        why) words="--level --horizon --seed --replications --threads --set --json --help"; files=1 ;;
        size) words="--vary --uncertain --penalty --most-utilisation --confidence --output --level --horizon --seed --threads --set --json --csv --markdown --help"; files=1 ;;
        growth) words="--growth --ahead --buy-for --most-utilisation --level --seed --replications --threads --set --json --csv --help"; files=1 ;;
        forecast) words="--column --unit --events --workload --onto --hold-back --ahead --output --json --csv --help"; files=1 ;;
        whatif) words="--outage --level --horizon --seed --replications --threads --set --json --csv --markdown --help"; files=1 ;;
        sensitivity) words="--uncertain --spread --method --samples --metric --level --horizon --seed --replications --threads --set --store --output --charts --all --json --csv --markdown --help"; files=1 ;;
        report) words="--output --format --sections --template --baseline --claims --level --horizon --seed --replications --threads --set --store --run --json --help"; files=1 ;;
        study) words="--vary --level --horizon --seed --replications --threads --set --store --shard --output --json --csv --markdown --help"; files=1 ;;
        catalog) words="--json --csv --help technologies kinds instances prices"; files= ;;
        schema) words="--help"; files= ;;
        calibrate) words="--sample --key --hold-back --time-limit --memory-limit --set --json --help"; files=1 ;;
        evolve) words="--scenario --nodes --set --time-limit --memory-limit --json --help"; files=1 ;;
        audit) words="--seed --replications --threads --json --help"; files=1 ;;
        roadmap) words="--seed --replications --threads --json --help"; files=1 ;;
        validate) words="--measured --cases --seed --threads --json --csv --help"; files= ;;
        *) words="check run bill compare why size growth forecast whatif sensitivity report study catalog schema calibrate evolve audit roadmap validate --help --version" ;;
    esac
    [ "$COMP_CWORD" -gt 1 ] || words="check run bill compare why size growth forecast whatif sensitivity report study catalog schema calibrate evolve audit roadmap validate --help --version" files=
    COMPREPLY=($(compgen -W "$words" -- "$current"))
    [ -z "$files" ] || COMPREPLY+=($(compgen -f -- "$current"))
}
complete -o filenames -F _headroom headroom
