using System.Collections.Immutable;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Random;
using TrafficFlow.Analysis.Optimisation;
using TrafficFlow.Analysis.Optimisation.Exact;
using TrafficFlow.Core.Signals;

namespace TrafficFlow.Analysis.Proposals.Corridors;

/// <summary>A signal group of a line that a proposal makes wait longer.</summary>
/// <param name="Link">That its vehicles come on; null for a side street or an entry.</param>
/// <param name="IsBeyondBound">By more than <see cref="CorridorRules.MostAddedDelaySeconds"/>.</param>
public sealed record WorseStopLine(int Junction, string Group, int? Link, double AddedSeconds, bool IsBeyondBound);

/// <summary>
/// Offsets for a line of junctions, and where it is asked for the order of their stages. Never worse than today's by the delay of all vehicles of the line; whom it makes wait longer it says, and it offers the
/// best that makes nobody wait longer than the bound. Splits and cycles stay: see <see cref="TimingProposal"/>.
/// </summary>
/// <param name="Proposed">Today's itself where nothing is better.</param>
/// <param name="WithinBound">The best found that keeps every group within the bound; today's where no other does.</param>
/// <param name="Searched">The solver that was asked, and what is exact beside it, both on the sum over pairs of junctions; null where none was asked.</param>
public sealed record CorridorProposal(
    Corridor Corridor, CorridorEffect Today, CorridorEffect Proposed, CorridorEffect WithinBound, ImmutableArray<WorseStopLine> Worse, GainEstimate Gain, SolverComparison? Searched)
{
    private const int Draws = 200;

    public bool IsChange => !Proposed.Plans.SequenceEqual(Today.Plans);

    /// <summary>
    /// Links whose cyclic queue would be longer than they are, so that it reaches the junction before: the model lets vehicles queue upright at the stop line and does not see what that does. Vehicles stand 7 m
    /// apart (Japanese surveys of queues count 6 to 7 m), on a lane for each 1800 vehicles an hour of saturation flow.
    /// </summary>
    public IEnumerable<int> FullLinks(CorridorEffect effect) => effect.StopLines.Where(s => s.Link is { } link && s.MostQueued * 7 > Corridor.Links[link].LengthMetres * LanesOf(s)).Select(s => s.Link!.Value).Distinct();

    /// <summary>Seconds that the proposal adds to each stop line's mean delay; below 0 where it helps.</summary>
    public IEnumerable<(StopLineEffect Today, StopLineEffect Proposed)> StopLines => Today.StopLines.Zip(Proposed.StopLines);

    /// <summary>By coordinate search alone, and, exactly for the sum over pairs, by elimination.</summary>
    /// <exception cref="ArgumentException">The line or the rules make no sense.</exception>
    /// <exception cref="SolverException">There are too many choices.</exception>
    public static Task<CorridorProposal> OfAsync(Corridor corridor, CorridorRules rules, int seed = 1, CancellationToken cancellation = default) =>
        OfAsync(corridor, rules, new TreeElimination(), new SolverSettings(), TimeSpan.FromSeconds(10), seed, cancellation);

    /// <summary>
    /// Asks a solver for the best sum over pairs of junctions, and what is exact beside it; climbs from both answers and from today's on the whole line. A solver that fails leaves its trouble in
    /// <see cref="Searched"/> and changes nothing else.
    /// </summary>
    /// <param name="classicalTime">For what is exact.</param>
    /// <param name="seed">Of the drawn demands.</param>
    /// <exception cref="ArgumentException">The line or the rules make no sense.</exception>
    /// <exception cref="SolverException">There are too many choices.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static async Task<CorridorProposal> OfAsync(
        Corridor corridor, CorridorRules rules, ISolver solver, SolverSettings settings, TimeSpan classicalTime, int seed = 1, CancellationToken cancellation = default)
    {
        var problem = await Task.Run(() => new OffsetProblem(corridor, rules), cancellation).ConfigureAwait(false);
        SolverComparison? searched;
        try
        {
            searched = await new BesideClassical(solver, classicalTime).SolveAsync(problem.Model, settings, null, cancellation).ConfigureAwait(false);
        }
        catch (SolverException)
        {
            // Neither answered: climbing from today's plans needs no solver.
            searched = null;
        }

        var answers = new[] { searched?.Asked, searched?.Classical }.OfType<SolverResult>().Select(r => problem.Plans([.. r.Sample])).OfType<ImmutableArray<TimingPlan>>();
        return await Task.Run(() => Of(problem, rules, [.. answers], searched, seed, cancellation), cancellation).ConfigureAwait(false);
    }

    /// <summary>Of the lane group with the longest queue; its others hold none of it.</summary>
    private double LanesOf(StopLineEffect stopLine) =>
        Math.Max(1, Math.Round(Corridor.Junctions[stopLine.Junction].Demand.First(d => d.Group == stopLine.Group).Lanes.Where(l => l.VehiclesPerHour > 0).Select(l => l.SaturationFlow).DefaultIfEmpty(0).Max() / 1800));

    private static CorridorProposal Of(
        OffsetProblem problem, CorridorRules rules, List<ImmutableArray<TimingPlan>> answers, SolverComparison? searched, int seed, CancellationToken cancellation)
    {
        var (flows, corridor) = (problem.Flows, problem.Flows.Corridor);
        var today = flows.Of([.. corridor.Junctions.Select(j => j.Plan)]);
        var search = new OffsetSearch(flows, problem.Choices);
        var best = answers.Prepend(today.Plans).Select(start => search.From(start, null, cancellation)).MinBy(e => e.VehicleHoursPerHour)!;
        // A gain that no clock could tell from none is no reason to touch a controller.
        if (best.VehicleHoursPerHour > today.VehicleHoursPerHour - 1e-6) best = today;
        bool IsWithin(CorridorEffect effect) => WorseThan(today.StopLines, effect.StopLines, rules).All(w => !w.IsBeyondBound);
        var within = IsWithin(best) ? best : search.From(today.Plans, IsWithin, cancellation);
        return new CorridorProposal(corridor, today, best, within, [.. WorseThan(today.StopLines, best.StopLines, rules)], GainOf(corridor, today, best, seed), searched);
    }

    internal static IEnumerable<WorseStopLine> WorseThan(ImmutableArray<StopLineEffect> today, ImmutableArray<StopLineEffect> then, CorridorRules rules) =>
        from pair in today.Zip(then)
        let added = pair.Second.DelaySeconds - pair.First.DelaySeconds
        where pair.First.VehiclesPerHour > 0 && added > 0.05
        orderby added descending
        select new WorseStopLine(pair.First.Junction, pair.First.Group, pair.First.Link, added, added > rules.MostAddedDelaySeconds);

    /// <summary>Log-normal: what is measured is never negative, and its error is a share of it.</summary>
    private static double Factor(double relativeError, Random random) => relativeError <= 0 ? 1 : LogNormal.WithMeanVariance(1, relativeError * relativeError, random).Sample();

    /// <summary>Demands and travel times as they may be: each by a factor of its own. What feeds a link grows with the group that it comes from.</summary>
    private static GainEstimate GainOf(Corridor corridor, CorridorEffect today, CorridorEffect then, int seed)
    {
        var mean = today.VehicleHoursPerHour - then.VehicleHoursPerHour;
        if (mean <= 0) return new GainEstimate(0, 0, 0, 0);
        var random = new MersenneTwister(seed, threadSafe: false);
        var drawn = new double[Draws];
        for (var i = 0; i < Draws; i++)
        {
            var flows = new CorridorFlows(Drawn(corridor, random));
            drawn[i] = flows.Of(today.Plans).VehicleHoursPerHour - flows.Of(then.Plans).VehicleHoursPerHour;
        }

        Array.Sort(drawn);
        return new GainEstimate(mean, drawn[(int)(0.025 * Draws)], drawn[(int)(0.975 * Draws) - 1], drawn.Count(g => g > 0) / (double)Draws);
    }

    private static Corridor Drawn(Corridor corridor, Random random)
    {
        var factors = new Dictionary<(int Junction, string Group), double>();
        for (var j = 0; j < corridor.Junctions.Length; j++)
        {
            foreach (var d in corridor.Junctions[j].Demand) factors[(j, d.Group)] = Factor(d.RelativeError, random);
        }

        return corridor with
        {
            Junctions = [.. corridor.Junctions.Select((junction, j) => junction with { Demand = [.. junction.Demand.Select(d => d.Times(factors[(j, d.Group)]))] })],
            Links =
            [
                .. corridor.Links.Select(l => l with
                {
                    TravelSeconds = l.TravelSeconds * Factor(l.RelativeTravelError, random),
                    Feeds = [.. l.Feeds.Select(f => f with { VehiclesPerHour = f.VehiclesPerHour * factors[(l.From, f.Group)] })],
                }),
            ],
        };
    }
}
