using System.Collections.Immutable;

namespace TrafficFlow.Core.Signals;

/// <summary>A fixed-time plan of one junction: which groups there are, and the stages of its cycle in their order.</summary>
/// <param name="OffsetSeconds">When the first stage begins, after the reference time (the day's first midnight) and every cycle after that.</param>
public sealed record TimingPlan(string Name, ImmutableArray<SignalGroup> Groups, ImmutableArray<SignalStage> Stages, double OffsetSeconds = 0)
{
    /// <summary>No controller is asked for a longer one.</summary>
    public const double LongestCycleSeconds = 600;

    public double CycleSeconds => Stages.Sum(s => s.SplitSeconds);

    /// <summary>From the begin of the cycle to that of each stage.</summary>
    public IEnumerable<double> StageBegins()
    {
        var begin = 0.0;
        foreach (var stage in Stages)
        {
            yield return begin;
            begin += stage.SplitSeconds;
        }
    }

    /// <summary>What makes no sense in it, each with what to do; nothing of a good plan.</summary>
    /// <param name="conflicts">Whether two groups must never have green together; null where nobody knows.</param>
    public IEnumerable<string> Errors(Func<SignalGroup, SignalGroup, bool>? conflicts = null)
    {
        if (string.IsNullOrWhiteSpace(Name)) yield return "a plan needs a name";
        if (Groups.IsDefaultOrEmpty) yield return $"plan {Name}: there is no signal group";
        if (Stages.IsDefaultOrEmpty) yield return $"plan {Name}: there is no stage";
        if (Groups.IsDefaultOrEmpty || Stages.IsDefaultOrEmpty) yield break;
        foreach (var error in GroupErrors().Concat(Stages.SelectMany(s => StageErrors(s, conflicts)))) yield return $"plan {Name}: {error}";
        var cycle = CycleSeconds;
        if (!(cycle <= LongestCycleSeconds)) yield return $"plan {Name}: a cycle of {cycle:0.#} s is longer than {LongestCycleSeconds} s";
        if (!(OffsetSeconds >= 0 && OffsetSeconds < cycle)) yield return $"plan {Name}: the offset {OffsetSeconds:0.##} s must be 0 or more and below the cycle of {cycle:0.##} s";
    }

    /// <exception cref="ArgumentException">Names everything that makes no sense.</exception>
    public TimingPlan Validated(Func<SignalGroup, SignalGroup, bool>? conflicts = null)
    {
        var errors = string.Join("; ", Errors(conflicts));
        return errors.Length == 0 ? this : throw new ArgumentException(errors);
    }

    public bool Equals(TimingPlan? other) =>
        other is not null && Name == other.Name && OffsetSeconds.Equals(other.OffsetSeconds)
        && Groups.AsSpan().SequenceEqual(other.Groups.AsSpan()) && Stages.AsSpan().SequenceEqual(other.Stages.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Name, OffsetSeconds, Groups.Length, Stages.Length);

    private IEnumerable<string> GroupErrors()
    {
        foreach (var group in Groups.GroupBy(g => g.Name, StringComparer.Ordinal))
        {
            if (string.IsNullOrWhiteSpace(group.Key)) yield return "a signal group has no name";
            if (group.Count() > 1) yield return $"two signal groups are called {group.Key}";
            if (!Stages.Any(s => s.Groups.Contains(group.Key))) yield return $"group {group.Key} never gets green: add it to a stage, or take it out";
        }

        foreach (var twice in Groups.SelectMany(g => g.Movements.Select(m => (g.Approach, m))).GroupBy(m => m).Where(m => m.Count() > 1))
            yield return $"{twice.Key.Approach} {twice.Key.m} is in two groups: give it to one, which may have green in several stages";
    }

    private IEnumerable<string> StageErrors(SignalStage stage, Func<SignalGroup, SignalGroup, bool>? conflicts)
    {
        if (!(stage.GreenSeconds is > 0 and <= LongestCycleSeconds)) yield return $"stage {stage.Name}: green must be above 0 s";
        if (stage.AmberSeconds is not (>= 0 and <= 10)) yield return $"stage {stage.Name}: amber must be 0..10 s";
        if (stage.AllRedSeconds is not (>= 0 and <= 30)) yield return $"stage {stage.Name}: all-red must be 0..30 s";
        if (!(stage.PedestrianClearanceSeconds >= 0 && stage.PedestrianClearanceSeconds < stage.GreenSeconds)) yield return $"stage {stage.Name}: the pedestrians' clearance must lie within its green";
        var groups = stage.Groups.Select(name => Groups.FirstOrDefault(g => g.Name == name)).ToList();
        foreach (var unknown in stage.Groups.Where((_, i) => groups[i] is null)) yield return $"stage {stage.Name}: there is no group {unknown}";
        if (stage.Groups.Distinct(StringComparer.Ordinal).Count() != stage.Groups.Length) yield return $"stage {stage.Name} names a group twice";
        var next = Stages[(Stages.IndexOf(stage) + 1) % Stages.Length];
        if (stage.AmberSeconds < 2 && groups.Exists(g => g is { IsForPedestrians: false } && (Stages.Length > 1 && !next.Groups.Contains(g.Name))))
            yield return $"stage {stage.Name}: vehicles whose green ends need an amber of at least 2 s";
        if (conflicts is null) yield break;
        for (var i = 0; i < groups.Count; i++)
        {
            for (var j = i + 1; j < groups.Count; j++)
            {
                if (groups[i] is { } one && groups[j] is { } other && conflicts(one, other)) yield return $"stage {stage.Name}: {one.Name} and {other.Name} must not have green together";
            }
        }
    }
}
