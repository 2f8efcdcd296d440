using TrafficFlow.Analysis.Capacity;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Analysis.Causes;

/// <summary>
/// All figures of one approach in one troubled stretch, beside those of the time without trouble on the same approach, of the other approaches, and of rules. NaN where nothing tells one.
/// </summary>
internal sealed record CauseFigures
{
    /// <summary>Saturation headway where none was measured: 1800 vehicles an hour of green, the worksheet's base for turns, less some heavy ones.</summary>
    public const double UsualHeadway = 2.1;

    /// <summary>Less time without trouble is nothing to compare with.</summary>
    private const double LeastReferenceSeconds = 900;

    public required ApproachId Approach { get; init; }
    public required Stretch Stretch { get; init; }
    public required Stretch Reference { get; init; }
    public required bool HasReference { get; init; }
    public required GroupFigures Ahead { get; init; }
    public required GroupFigures AheadUsual { get; init; }
    public required GroupFigures Right { get; init; }
    public required GroupFigures RightUsual { get; init; }

    /// <summary>Vehicle-seconds beyond what signals must cost, of those ahead and of those who turn right.</summary>
    public required double AheadLost { get; init; }
    public required double RightLost { get; init; }

    /// <summary>The right turns have green together with the arm that faces them.</summary>
    public required bool IsRightPermissive { get; init; }

    /// <summary>Speed of those who met no queue, over all approaches, against the time without trouble.</summary>
    public required double FreeSpeed { get; init; }
    public required double FreeSpeedUsual { get; init; }

    /// <summary>Headway in queues over all other approaches, against the same.</summary>
    public required double HeadwayElsewhere { get; init; }
    public required double HeadwayElsewhereUsual { get; init; }

    /// <summary>Left turns over all approaches from gate to gate, seconds; and those who go straight on.</summary>
    public required double LeftInside { get; init; }
    public required double LeftInsideUsual { get; init; }
    public required double ThroughInside { get; init; }

    /// <summary>Exit that is slowest against what it is otherwise, of those that the approach feeds: part of all that left by it slowly, and otherwise.</summary>
    public required ApproachId? Exit { get; init; }
    public required double ExitSlow { get; init; }
    public required double ExitSlowUsual { get; init; }

    /// <summary>The same of all other exits together.</summary>
    public required double OtherExitsSlow { get; init; }
    public required double ExitKmh { get; init; }
    public required double ExitKmhUsual { get; init; }

    /// <summary>Sum of the flow ratios of the stages, and the cycle that Webster would choose for it.</summary>
    public required double FlowRatioSum { get; init; }
    public required double WebsterCycle { get; init; }

    /// <summary>Highest degree of saturation of any other group of the junction.</summary>
    public required double OthersSaturation { get; init; }

    /// <summary>Longest stand of one vehicle on the approach before the line, seconds.</summary>
    public required double LongestStand { get; init; }

    public bool IsRightWorse => RightLost > AheadLost;

    public GroupFigures Worse => IsRightWorse ? Right : Ahead;

    public GroupFigures WorseUsual => IsRightWorse ? RightUsual : AheadUsual;

    public static CauseFigures Of(ObservedTraffic traffic, ApproachId approach, Stretch stretch, IReadOnlyList<Stretch> untroubled)
    {
        var usual = traffic.Watched(approach, untroubled);
        var hasReference = usual.Sum(s => s.Seconds) >= LeastReferenceSeconds;
        Stretch[] within = [stretch];
        var groups = traffic.Groups.Where(g => g.Approach == approach).ToList();
        var right = groups.FirstOrDefault(g => g.IsRight);
        var ahead = groups.Where(g => g != right).MaxBy(g => g.Vehicles.Count);
        var others = traffic.Groups.Where(g => g.Approach != approach && !g.IsRight).ToList();
        var lateral = ahead is null ? null : UsualLateral(traffic, ahead, hasReference ? usual : null);
        var (exit, slow, slowUsual, kmh, kmhUsual) = SlowestExit(traffic, approach, stretch, hasReference ? usual : null);
        var y = FlowRatiosOf(traffic, stretch, out var stages, out var saturations);
        return new CauseFigures
        {
            Approach = approach,
            Stretch = stretch,
            Reference = usual.Count > 0 ? new Stretch(usual[0].From, usual[^1].To) : default,
            HasReference = hasReference,
            Ahead = Of(ahead, traffic.Watched(approach, within), lateral),
            AheadUsual = Of(ahead, hasReference ? usual : [], lateral),
            Right = Of(right, traffic.Watched(approach, within), null),
            RightUsual = Of(right, hasReference ? usual : [], null),
            AheadLost = Lost(ahead, stretch),
            RightLost = Lost(right, stretch),
            IsRightPermissive = right is not null && groups.Concat(traffic.Groups.Where(g => g.Approach == traffic.OppositeOf(approach))).Any(g => g != right && g.Approach != approach && !g.IsRight && AreTogether(right, g, stretch)),
            FreeSpeed = FreeSpeeds(traffic, within),
            FreeSpeedUsual = hasReference ? FreeSpeeds(traffic, usual) : double.NaN,
            HeadwayElsewhere = GroupFigures.Mean(others.Select(g => GroupFigures.Of(g, within, null).HeadwaySeconds)),
            HeadwayElsewhereUsual = hasReference ? GroupFigures.Mean(others.Select(g => GroupFigures.Of(g, usual, null).HeadwaySeconds)) : double.NaN,
            LeftInside = Inside(traffic, within, TurnKind.Left),
            LeftInsideUsual = hasReference ? Inside(traffic, usual, TurnKind.Left) : double.NaN,
            ThroughInside = Inside(traffic, within, TurnKind.Through),
            Exit = exit,
            ExitSlow = slow,
            ExitSlowUsual = slowUsual,
            OtherExitsSlow = SlowShare(traffic.Vehicles.Where(v => stretch.Contains(v.Entered) && v.Exit is not null && v.Exit != exit && v.Turn == TurnKind.Through)),
            ExitKmh = kmh,
            ExitKmhUsual = kmhUsual,
            FlowRatioSum = y,
            WebsterCycle = stages > 0 && y < 0.95 ? Webster.OptimumCycleSeconds(5 * stages, y) : double.NaN,
            OthersSaturation = saturations.Where(s => s.Group.Approach != approach).Select(s => s.Saturation).DefaultIfEmpty(double.NaN).Max(),
            LongestStand = traffic.ByApproach[approach].Where(v => stretch.Contains(v.Entered) || stretch.Contains(v.Entered - v.Stopped)).Select(v => v.Stopped).DefaultIfEmpty(0).Max(),
        };

        static GroupFigures Of(ObservedGroup? group, IReadOnlyList<Stretch> stretches, double? usualLateral) => group is null || stretches.Count == 0 ? new GroupFigures() : GroupFigures.Of(group, stretches, usualLateral);
    }

    private static double Lost(ObservedGroup? group, Stretch stretch)
    {
        if (group is null) return 0;
        var cost = TroubledStretches.MustCost(group, stretch);
        return Math.Max(0, group.Vehicles.Where(v => stretch.Contains(v.Entered)).Sum(v => TroubledStretches.Excess(group, v, cost)));
    }

    /// <summary>Where in the width of the gate the group passes: the median, of the time without trouble where there is one, and otherwise of the other approaches.</summary>
    private static double? UsualLateral(ObservedTraffic traffic, ObservedGroup ahead, IReadOnlyList<Stretch>? usual)
    {
        var known = (usual is not null ? ahead.Vehicles.Where(v => usual.Any(s => s.Contains(v.Entered))) : traffic.Groups.Where(g => g.Approach != ahead.Approach && !g.IsRight).SelectMany(g => g.Vehicles))
            .Select(v => v.Lateral).Where(double.IsFinite).Order().ToList();
        return known.Count < 8 ? null : known[known.Count / 2];
    }

    private static bool AreTogether(ObservedGroup one, ObservedGroup other, Stretch stretch)
    {
        var greens = one.Cycles.Where(c => stretch.Contains(c.Green)).ToList();
        if (greens.Count == 0) return false;
        // Both in order of time: each is looked at once.
        var (together, next) = (0.0, 0);
        foreach (var green in greens)
        {
            while (next < other.Cycles.Count && other.Cycles[next].GreenEnd <= green.Green) next++;
            for (var i = next; i < other.Cycles.Count && other.Cycles[i].Green < green.GreenEnd; i++) together += new Stretch(green.Green, green.GreenEnd).Overlap(new Stretch(other.Cycles[i].Green, other.Cycles[i].GreenEnd));
        }

        return together > 0.5 * greens.Sum(g => g.GreenSeconds);
    }

    /// <summary>Whoever came without a stop and lost little drove as fast as the road allowed.</summary>
    private static double FreeSpeeds(ObservedTraffic traffic, IReadOnlyList<Stretch> stretches)
    {
        var speeds = traffic.Vehicles.Where(v => v.Turn is TurnKind.Through && v.Stops == 0 && v.Stopped <= 0 && stretches.Any(s => s.Contains(v.Entered))).Select(v => v.LeaveKmh).Where(double.IsFinite).Order().ToList();
        // The faster half: the slower one follows others.
        return speeds.Count < 12 ? double.NaN : speeds.Skip(speeds.Count / 2).Average();
    }

    private static double Inside(ObservedTraffic traffic, IReadOnlyList<Stretch> stretches, TurnKind turn)
    {
        var seconds = traffic.Vehicles.Where(v => v.Turn == turn && double.IsFinite(v.Inside) && stretches.Any(s => s.Contains(v.Entered))).Select(v => Math.Min(v.Inside, 60)).ToList();
        return seconds.Count < 6 ? double.NaN : seconds.Average();
    }

    private static (ApproachId? Exit, double Slow, double SlowUsual, double Kmh, double KmhUsual) SlowestExit(ObservedTraffic traffic, ApproachId approach, Stretch stretch, IReadOnlyList<Stretch>? usual)
    {
        (ApproachId? Exit, double Slow, double SlowUsual, double Kmh, double KmhUsual) worst = (null, double.NaN, double.NaN, double.NaN, double.NaN);
        // Turning vehicles are slow anyway, and wait for people: those who go straight on tell the exit.
        foreach (var exit in traffic.ByApproach[approach].Select(v => v.Exit).OfType<ApproachId>().Distinct())
        {
            var inside = traffic.Vehicles.Where(v => v.Exit == exit && v.Turn == TurnKind.Through && stretch.Contains(v.Entered)).ToList();
            if (inside.Count < 8) continue;
            var before = usual is null ? [] : traffic.Vehicles.Where(v => v.Exit == exit && v.Turn == TurnKind.Through && usual.Any(s => s.Contains(v.Entered))).ToList();
            var (slow, slowUsual) = (SlowShare(inside), before.Count < 8 ? double.NaN : SlowShare(before));
            if (worst.Exit is null || slow - Known(slowUsual) > worst.Slow - Known(worst.SlowUsual))
                worst = (exit, slow, slowUsual, GroupFigures.Mean(inside.Select(v => v.LeaveKmh)), before.Count < 8 ? double.NaN : GroupFigures.Mean(before.Select(v => v.LeaveKmh)));
        }

        return worst;

        static double Known(double value) => double.IsFinite(value) ? value : 0;
    }

    /// <summary>Part that left at less than 15 km/h, or took more than 12 s over the junction: who starts at the line leaves faster and sooner.</summary>
    private static double SlowShare(IEnumerable<ObservedVehicle> vehicles)
    {
        var known = vehicles.Where(v => double.IsFinite(v.LeaveKmh) && double.IsFinite(v.Inside)).ToList();
        return known.Count < 5 ? double.NaN : known.Count(v => v.LeaveKmh < 15 || v.Inside > 12) / (double)known.Count;
    }

    /// <summary>需要率 by what passed: groups whose greens lie together are one stage.</summary>
    internal static double FlowRatiosOf(ObservedTraffic traffic, Stretch stretch, out int stages, out List<(ObservedGroup Group, double Saturation)> saturations)
    {
        var all = traffic.Groups.Where(g => g.Cycles.Any(c => stretch.Contains(c.Green))).ToList();
        var left = new List<ObservedGroup>(all);
        (stages, saturations) = (0, []);
        var sum = 0.0;
        foreach (var group in all)
        {
            var cycles = group.Cycles.Where(c => stretch.Contains(c.Green)).ToList();
            saturations.Add((group, Ratio(group) * cycles.Sum(c => c.Seconds) / cycles.Sum(c => c.GreenSeconds + 1)));
        }

        while (left.Count > 0)
        {
            var first = left[0];
            var stage = left.Where(g => g == first || AreTogether(first, g, stretch)).ToList();
            left.RemoveAll(stage.Contains);
            sum += stage.Max(Ratio);
            stages++;
        }

        return sum;

        double Ratio(ObservedGroup group)
        {
            var watched = traffic.Watched(group.Approach, [stretch]);
            return GroupFigures.Within(group.Vehicles, watched).Count / Math.Max(1, watched.Sum(s => s.Seconds)) * UsualHeadway;
        }
    }
}
