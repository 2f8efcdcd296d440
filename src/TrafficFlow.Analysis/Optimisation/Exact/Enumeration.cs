using System.Numerics;
using TrafficFlow.Analysis.Optimisation.Search;

namespace TrafficFlow.Analysis.Optimisation.Exact;

/// <summary>
/// Looks at every sample that fulfils the groups, each one change away from the one before (Gray code; of mixed radix where there are groups, Knuth's algorithm 7.2.1.1 H). Proves the
/// optimum; only for small models. Of several optima the first in this order is the answer.
/// </summary>
/// <param name="mostSamples">Beyond, a model is refused; a core looks at some 50 million in a second.</param>
public sealed class Enumeration(long mostSamples = 1L << 30, TimeProvider? time = null) : ISolver
{
    /// <summary>The first digits are shared out to threads in at least so many parts, whatever the number of threads, so that it does not decide which optimum is the first.</summary>
    private const int LeastParts = 64;

    private const int BetweenLooks = 1 << 16;

    private readonly TimeProvider _time = time ?? TimeProvider.System;

    public string Name => "enumeration";

    /// <summary>How many samples fulfil the groups.</summary>
    public static BigInteger SamplesOf(BinaryQuadraticModel model) =>
        model.Groups.Aggregate(BigInteger.One, (product, group) => product * group.Members.Length) << (model.VariableCount - model.Groups.Sum(g => g.Members.Length));

    public async Task<SolverResult> SolveAsync(
        BinaryQuadraticModel model, SolverSettings settings, IProgress<SolverProgress>? progress = null, CancellationToken cancellation = default)
    {
        settings.Check();
        var began = _time.GetTimestamp();
        var samples = SamplesOf(model);
        if (samples > mostSamples) throw new SolverException($"{samples:E2} samples are too many to look at each (at most {mostSamples}): ask {nameof(CpSat)} or a search");
        var search = new SearchModel(model);
        var digits = Digits(search);
        var parts = 1;
        var leading = 0;
        while (leading < digits.Length && parts < LeastParts) parts *= digits[leading++].Radix;
        var best = new Part?[parts];
        var (next, done, lowest) = (-1, 0, double.PositiveInfinity);
        var isLate = false;
        void Work()
        {
            var state = new SearchState(search);
            for (int part; (part = Interlocked.Increment(ref next)) < parts && !Volatile.Read(ref isLate) && !cancellation.IsCancellationRequested;)
            {
                best[part] = Enumerate(search, state, digits, leading, part, () =>
                {
                    if (settings.TimeLimit is { } limit && _time.GetElapsedTime(began) >= limit) Volatile.Write(ref isLate, true);
                    return cancellation.IsCancellationRequested || Volatile.Read(ref isLate);
                });
                lock (best)
                {
                    lowest = Math.Min(lowest, best[part]!.Energy);
                    progress?.Report(new SolverProgress(Name, ++done, parts, lowest, _time.GetElapsedTime(began)));
                }
            }
        }

        await Task.WhenAll(Enumerable.Range(0, settings.Threads).Select(_ =>
            Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        var found = best.OfType<Part>().MinBy(p => p.Energy)!;
        var sample = search.ToSample(found.Bits);
        var bound = isLate ? Math.Max(settings.LowerBound ?? double.NegativeInfinity, LowerBounds.Elementary(model)) : model.Energy(sample);
        return SolverResult.Of(Name, model, sample, bound, isLate ? StopReason.TimeLimit : StopReason.Completed, _time.GetElapsedTime(began), 1, 0);
    }

    private sealed record Part(double Energy, sbyte[] Bits);

    /// <summary>A group, or a free variable as a digit of radix 2.</summary>
    private readonly record struct Digit(int Group, int Variable, int Radix);

    private static Digit[] Digits(SearchModel model) =>
    [
        .. model.Groups.Select((members, g) => new Digit(g, -1, members.Length)).Concat(model.Free.Select(i => new Digit(-1, i, 2))),
    ];

    private static Part Enumerate(SearchModel model, SearchState state, Digit[] digits, int leading, int part, Func<bool> mustStop)
    {
        var bits = new sbyte[model.Count];
        foreach (var members in model.Groups) bits[members[0]] = 1;
        for (var d = 0; d < leading; d++)
        {
            var value = part % digits[d].Radix;
            part /= digits[d].Radix;
            if (digits[d].Group < 0)
            {
                bits[digits[d].Variable] = (sbyte)value;
                continue;
            }

            var members = model.Groups[digits[d].Group];
            bits[members[0]] = 0;
            bits[members[value]] = 1;
        }

        state.Set(bits);
        var (energy, best) = (state.Energy, state.Bits.ToArray());
        // A group of one has nothing to change.
        var moving = digits[leading..].Where(d => d.Radix > 1).ToArray();
        var focus = new int[moving.Length + 1];
        var direction = new int[moving.Length];
        for (var d = 0; d <= moving.Length; d++) focus[d] = d;
        Array.Fill(direction, 1);
        var values = new int[moving.Length];
        for (var step = 0; ; step++)
        {
            if (step % BetweenLooks == BetweenLooks - 1)
            {
                if (mustStop()) break;
                // Rounding of some ten thousand additions is all that may gather.
                state.Recompute();
            }

            var d = focus[0];
            focus[0] = 0;
            if (d == moving.Length) break;
            values[d] += direction[d];
            if (moving[d].Group < 0) state.Flip(moving[d].Variable);
            else state.Move(moving[d].Group, values[d]);
            if (values[d] == 0 || values[d] == moving[d].Radix - 1)
            {
                direction[d] = -direction[d];
                focus[d] = focus[d + 1];
                focus[d + 1] = d + 1;
            }

            if (state.Energy >= energy) continue;
            energy = state.Energy;
            state.Bits.CopyTo(best);
        }

        return new Part(energy, best);
    }
}
