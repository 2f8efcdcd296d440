using System.Collections.Immutable;
using TrafficFlow.Core.Flow;

namespace TrafficFlow.Analysis.Signals;

/// <summary>
/// Tells cycle, splits, offsets and changes of plan from nothing but when vehicles passed the stop lines. A spectrum over all possible cycles and
/// stretches of time finds where one cycle holds (dynamic programming); the crossings are folded by it; the first vehicles of the queues tell begins of
/// green and the cycle exactly; the thinning out at the end tells ends. Pure.
/// </summary>
public static class SignalInference
{
    /// <summary>Of more than half a morning, stretches are looked at more coarsely: changes are found exactly later on.</summary>
    private const double LongSeconds = 4 * 3600;

    /// <summary>Between groups of one junction first vehicles differ by so much, standard deviation: distances to the line and kinds of vehicles do.</summary>
    private const double GroupVariationSeconds = 0.3;

    /// <summary>With so many a cycle would be seen, if there were one: a fixed cycle of a minute or two is found at half of that.</summary>
    private const double CrossingsPerMinute = 3;

    /// <summary>Of a stretch that was watched for less of its time, it is that which hides its signals.</summary>
    private const double WatchedShare = 0.5;

    /// <summary>A cycle that keeps its time for so long is fixed; where the first vehicles scatter, twice as long.</summary>
    private const double SteadyCycles = 20;

    /// <param name="progress">0..1.</param>
    /// <exception cref="ArgumentException">Nothing was watched.</exception>
    /// <exception cref="OperationCanceledException">It was asked to end; a week takes minutes.</exception>
    public static InferredSignals Infer(Discharge discharge, InferenceSettings? settings = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        settings ??= InferenceSettings.Default;
        var crossings = new WatchedCrossings(discharge);
        var spectrum = new CycleSpectrum(crossings, settings);
        // Stretches longer than a few hours see a plan's cycle no better; neighbours that are alike are merged.
        var (block, longestSeconds) = crossings.Seconds > LongSeconds ? (300.0, 2 * 3600) : (120.0, 3 * 3600);
        var shortest = Math.Max(2, (int)Math.Ceiling(settings.ShortestPlan.TotalSeconds / block));
        var blocks = (int)Math.Ceiling(crossings.Seconds / block);
        if (blocks < shortest || crossings.Times.All(t => t.Length == 0)) return Nothing(UnknownReason.TooLittleTraffic);
        var longest = Math.Max(shortest, Math.Min(blocks, (int)(longestSeconds / block)));
        var stretches = Partition(spectrum, spectrum.OfStretches(block, shortest, longest, progress, cancellation), blocks, shortest, longest);
        var (fits, varying) = (new List<PlanFit>(), new List<(double From, double To, double Cycle)>());
        foreach (var (from, to, frequency) in stretches)
        {
            cancellation.ThrowIfCancellationRequested();
            var (begin, end) = (from * block, Math.Min(to * block, crossings.Seconds));
            var fit = PlanFit.Of(crossings, begin, end, spectrum.Refine(begin, end, WholeCycle(spectrum, begin, end, frequency)));
            var parts = Divide(crossings, spectrum, fit).ToList();
            fits.AddRange(parts.Where(IsTold));
            varying.AddRange(parts.Where(p => !IsTold(p)).Select(p => (p.From, p.To, p.Cycle)));
        }

        DropChance(fits, varying);
        fits = MergeAlike(crossings, spectrum, fits);
        var changes = Refine(crossings, spectrum, fits, block);
        var unknown = Gaps(crossings, fits, varying);
        return new InferredSignals([.. fits.Select((f, i) => Tell(crossings, f, i == 0 ? null : changes[i - 1], settings))], unknown)
        {
            Varying = [.. unknown.Where(u => u.Reason == UnknownReason.CycleVaries).Select(u => VaryingCycles.Of(crossings, u.Span, varying)).OfType<VaryingSignals>()],
        };

        InferredSignals Nothing(UnknownReason reason) => new([], [new UnknownSignals(new Interval(crossings.Origin, crossings.Origin.AddSeconds(crossings.Seconds)), reason)]);
    }

    private static bool IsTold(PlanFit fit) => fit.Groups.Any(g => g.First is not null);

    /// <summary>Where a cycle varies, some of it is steady by chance for a quarter of an hour: that is no plan.</summary>
    private static void DropChance(List<PlanFit> fits, List<(double From, double To, double Cycle)> varying)
    {
        foreach (var fit in fits.Where(f => f.To - f.From < SteadyCycles * f.Cycle * (f.ScatterSeconds > FirstCrossings.SharpSeconds ? 2 : 1) || IsOfOneGroup(f)).ToList())
        {
            var alike = varying.Where(v => Math.Abs((v.Cycle / fit.Cycle) - 1) < 0.15).Sum(v => v.To - v.From);
            if (alike <= fit.To - fit.From) continue;
            fits.Remove(fit);
            varying.Add((fit.From, fit.To, fit.Cycle));
        }
    }

    /// <summary>Of several that discharge in its cycle, one alone keeps its time.</summary>
    private static bool IsOfOneGroup(PlanFit fit) => fit.Groups.Count(g => g.First is not null) == 1 && fit.Groups.Count(g => g.Window.LogLikelihoodRatio >= PlanFit.ClearWindow) > 2;

    /// <summary>A stretch whose begins of green move in its middle is two plans.</summary>
    private static IEnumerable<PlanFit> Divide(WatchedCrossings crossings, CycleSpectrum spectrum, PlanFit fit)
    {
        if (ShiftedBegins.Find(crossings, fit) is not { } at) return [fit];
        var parts = new[] { (fit.From, To: at), (From: at, fit.To) }.Select(p => PlanFit.Of(crossings, p.From, p.To, spectrum.Refine(p.From, p.To, fit.Cycle))).ToList();
        return parts.TrueForAll(IsTold) && !IsSame(parts[0], parts[1]) ? parts.SelectMany(p => Divide(crossings, spectrum, p)) : [fit];
    }

    /// <summary>The stretches, in order, whose cycles explain the most; what is left between them has none.</summary>
    private static List<(int From, int To, double Frequency)> Partition(CycleSpectrum spectrum, StretchPower[,] powers, int blocks, int shortest, int longest)
    {
        // A further stretch must win more than the chance of its many possible cycles and ends.
        var cost = spectrum.Significant;
        var best = new double[blocks + 1];
        var chosen = new int[blocks + 1];
        for (var to = 1; to <= blocks; to++)
        {
            (best[to], chosen[to]) = (best[to - 1], 0);
            for (var length = shortest; length <= longest && length <= to; length++)
            {
                var won = best[to - length] + powers[to - length, length].Power - cost;
                if (won > best[to]) (best[to], chosen[to]) = (won, length);
            }
        }

        var stretches = new List<(int, int, double)>();
        for (var to = blocks; to > 0; to -= Math.Max(1, chosen[to]))
        {
            if (chosen[to] > 0) stretches.Add((to - chosen[to], to, powers[to - chosen[to], chosen[to]].Frequency));
        }

        stretches.Reverse();
        return stretches;
    }

    /// <summary>A cycle whose odd harmonics say nothing is twice the true one.</summary>
    private static double WholeCycle(CycleSpectrum spectrum, double from, double to, double frequency)
    {
        for (var i = 0; i < 2; i++)
        {
            var power = spectrum.PowerOf(from, to, frequency);
            var noise = Math.Sqrt(2 * spectrum.Streams);
            if (power[0] + power[2] > 4 * noise || power[1] <= 4 * noise) break;
            frequency *= 2;
        }

        return 1 / frequency;
    }

    /// <summary>Neighbours that run the same plan in step are one: a longer stretch than was looked at, or a demand that changed.</summary>
    private static List<PlanFit> MergeAlike(WatchedCrossings crossings, CycleSpectrum spectrum, List<PlanFit> fits)
    {
        for (var i = 0; i + 1 < fits.Count;)
        {
            if (!IsSame(fits[i], fits[i + 1]))
            {
                i++;
                continue;
            }

            var (from, to) = (fits[i].From, fits[i + 1].To);
            fits[i] = PlanFit.Of(crossings, from, to, spectrum.Refine(from, to, fits[i].To - fits[i].From > fits[i + 1].To - fits[i + 1].From ? fits[i].Cycle : fits[i + 1].Cycle));
            fits.RemoveAt(i + 1);
        }

        return fits;
    }

    private static bool IsSame(PlanFit a, PlanFit b)
    {
        if (Math.Abs(a.Cycle - b.Cycle) > Math.Max(0.1, 4 * (a.CycleError + b.CycleError))) return false;
        var compared = 0;
        foreach (var group in a.Groups.Where(g => g.First is not null))
        {
            var other = b.Groups.FirstOrDefault(g => g.First is not null && g.Streams.Intersect(group.Streams).Any());
            if (other is null) continue;
            // Where one plan's begin comes to lie nearest to the other's reference.
            var cycles = Math.Round((b.Reference - a.Reference) / a.Cycle);
            var foretold = a.Reference + group.First!.Value + (cycles * a.Cycle);
            var error = Math.Sqrt(Math.Pow(group.FirstError, 2) + Math.Pow(other.FirstError, 2) + Math.Pow(cycles * a.CycleError, 2));
            if (Math.Abs(PlanFit.Apart(foretold - b.Reference, other.First!.Value, b.Cycle)) > Math.Max(1.5, 4 * error)) return false;
            compared++;
        }

        return compared > 0;
    }

    /// <summary>Finds each change exactly, and fits the plans anew to what lies clearly between the changes; twice.</summary>
    private static List<Estimate> Refine(WatchedCrossings crossings, CycleSpectrum spectrum, List<PlanFit> fits, double block)
    {
        var changes = new List<Estimate>();
        for (var round = 0; round < 3; round++)
        {
            changes.Clear();
            for (var i = 0; i + 1 < fits.Count; i++)
            {
                var (before, after) = (fits[i], fits[i + 1]);
                var reach = Math.Max(4 * block, 4 * Math.Max(before.Cycle, after.Cycle));
                var from = Math.Max(before.From + (before.To - before.From) / 3, before.To - reach);
                var to = Math.Min(after.To - (after.To - after.From) / 3, after.From + reach);
                changes.Add(PlanChange.Find(crossings, before, after, from, to));
            }

            if (round == 2) break;
            for (var i = 0; i < fits.Count; i++)
            {
                var cycle = fits[i].Cycle;
                var from = i == 0 ? fits[i].From : changes[i - 1].Value + cycle;
                var to = i == fits.Count - 1 ? fits[i].To : changes[i].Value - cycle;
                if (to - from < 4 * cycle) continue;
                var fit = PlanFit.Of(crossings, from, to, spectrum.Refine(from, to, cycle));
                if (IsTold(fit)) fits[i] = fit;
            }
        }

        return changes;
    }

    private static ImmutableArray<UnknownSignals> Gaps(WatchedCrossings crossings, List<PlanFit> fits, List<(double From, double To, double Cycle)> varying)
    {
        var gaps = ImmutableArray.CreateBuilder<UnknownSignals>();
        var known = 0.0;
        foreach (var fit in fits.Append(new PlanFit(crossings.Seconds, crossings.Seconds, 1, 0, 0, [])))
        {
            // Around a change some cycles are left out of both fits.
            if (fit.From - known > (fits.Count == 0 ? 0 : Math.Max(600, 4 * fit.Cycle)))
                gaps.Add(new UnknownSignals(new Interval(crossings.Origin.AddSeconds(known), crossings.Origin.AddSeconds(fit.From)), ReasonOf(known, fit.From)));
            known = Math.Max(known, fit.To);
        }

        return gaps.ToImmutable();

        UnknownReason ReasonOf(double from, double to)
        {
            var minutes = crossings.Watched(from, to) / 60;
            if (minutes * 60 < WatchedShare * (to - from)) return UnknownReason.NotWatched;
            if (varying.Exists(v => v.From < to && v.To > from)) return UnknownReason.CycleVaries;
            return crossings.Times.Sum(times => times.Count(t => t >= from && t < to)) > CrossingsPerMinute * minutes ? UnknownReason.NoCycle : UnknownReason.TooLittleTraffic;
        }
    }

    private static InferredPlan Tell(WatchedCrossings crossings, PlanFit fit, Estimate? change, InferenceSettings settings)
    {
        var zero = fit.Groups.First(g => g.First is not null).First!.Value;
        var stages = Stages(fit, zero, settings);
        var groups = fit.Groups.Select((g, i) => WithIntergreen(Tell(crossings, fit, g, settings), stages.FirstOrDefault(s => s.Groups.Contains(i)), settings)).ToImmutableArray();
        return new InferredPlan(
            new Interval(At(change?.Value ?? fit.From), At(fit.To)),
            change is { } c ? new Interval(At(c.Low), At(c.High)) : null,
            Estimate.Of(fit.Cycle, fit.CycleError),
            At(fit.Reference),
            groups,
            stages,
            fit.ScatterSeconds);

        DateTimeOffset At(double seconds) => crossings.Origin.AddSeconds(seconds);
    }

    private static InferredGroup Tell(WatchedCrossings crossings, PlanFit fit, FittedGroup group, InferenceSettings settings)
    {
        var approach = crossings.Streams[group.Streams[0]].Approach;
        ImmutableArray<Movement> movements = [.. group.Streams.Select(s => crossings.Streams[s].Movement).Order()];
        if (group.First is not { } first) return new InferredGroup(approach, movements, group.Times.Length, null, null, null, null);
        var behaviour = settings.BehaviourErrorSeconds;
        var begin = Estimate.Of(PlanFit.Modulo(first - settings.FirstCrossingSeconds, fit.Cycle), Math.Sqrt((group.FirstError * group.FirstError) + (behaviour * behaviour)));
        Estimate? green = null;
        if (group.Last is { } last)
        {
            var value = PlanFit.Modulo(last.Value - first, fit.Cycle) + settings.FirstCrossingSeconds - settings.AmberUseSeconds;
            var constants = Math.Pow(1.96 * group.FirstError, 2) + (2 * Math.Pow(1.96 * behaviour, 2));
            green = new Estimate(value, value - Math.Sqrt(Math.Pow(last.Value - last.Low, 2) + constants), value + Math.Sqrt(Math.Pow(last.High - last.Value, 2) + constants));
        }

        return new InferredGroup(
            approach, movements, group.Times.Length, begin, green, Estimate.Of(first, group.FirstError),
            group.Last is { } l ? l.Plus(PlanFit.Modulo(l.Value, fit.Cycle) - l.Value) : null)
        {
            Leaders = group.Leaders,
            ScatterSeconds = group.Scatter,
        };
    }

    /// <summary>Where amber and all-red are known, a green that ends with its stage is the split less these, without any constant of behaviour.</summary>
    private static InferredGroup WithIntergreen(InferredGroup group, InferredStage? stage, InferenceSettings settings)
    {
        if (settings.IntergreenSeconds is not { } intergreen || stage is null || group.GreenSeconds is not { } seen) return group;
        var green = stage.SplitSeconds.Plus(-intergreen);
        return green.Value > 0 && Math.Abs(green.Value - seen.Value) < 4 ? group with { GreenSeconds = green } : group;
    }

    private static ImmutableArray<InferredStage> Stages(PlanFit fit, double zero, InferenceSettings settings)
    {
        var known = Enumerable.Range(0, fit.Groups.Length)
            .Where(i => fit.Groups[i].First is not null)
            .Select(i => (Index: i, After: PlanFit.Modulo(fit.Groups[i].First!.Value - zero + 1.5, fit.Cycle), fit.Groups[i].FirstError))
            .OrderBy(g => g.After)
            .ToList();
        var stages = new List<(List<int> Groups, double After, double Error)>();
        foreach (var (index, after, error) in known)
        {
            var both = stages.Count > 0 ? Math.Sqrt(Math.Pow(error, 2) + Math.Pow(stages[^1].Error, 2) + (2 * GroupVariationSeconds * GroupVariationSeconds)) : 0;
            if (stages.Count > 0 && after - stages[^1].After < Math.Max(1.5, 2 * both))
            {
                // Both tell the same begin: by the exacter one more.
                var (groups, then, thenError) = stages[^1];
                var (w, v) = (Weight(thenError), Weight(error));
                groups.Add(index);
                stages[^1] = (groups, ((w * then) + (v * after)) / (w + v), Math.Sqrt(1 / ((1 / (thenError * thenError)) + (1 / (error * error)))));
            }
            else stages.Add(([index], after, error));
        }

        return
        [
            .. stages.Select((s, i) =>
            {
                var next = stages[(i + 1) % stages.Count];
                var split = stages.Count == 1 ? fit.Cycle : PlanFit.Modulo(next.After - s.After, fit.Cycle);
                var error = stages.Count == 1 ? fit.CycleError : Math.Sqrt(Variance(s) + Variance(next));
                // Of those that do not go on into the next stage.
                var ends = s.Groups.Select(g => fit.Groups[g].Last).Where(l => l is not null).Select(l => PlanFit.Modulo(l!.Value.Value - zero + 1.5 - s.After, fit.Cycle)).Where(e => e <= split).ToList();
                return new InferredStage(
                    [.. s.Groups], Estimate.Of(PlanFit.Modulo(s.After + zero - 1.5 - settings.FirstCrossingSeconds, fit.Cycle), Math.Sqrt(Variance(s) + Math.Pow(settings.BehaviourErrorSeconds, 2))), Estimate.Of(split, error))
                {
                    SilentSeconds = ends.Count == s.Groups.Count ? split - ends.Max() : null,
                };
            }),
        ];

        static double Weight(double error) => 1 / ((error * error) + (GroupVariationSeconds * GroupVariationSeconds));

        static double Variance((List<int> Groups, double After, double Error) stage) =>
            (stage.Error * stage.Error) + (GroupVariationSeconds * GroupVariationSeconds / stage.Groups.Count);
    }
}
