using System.Collections.Immutable;
using TrafficFlow.Analysis.Congestion;
using TrafficFlow.Analysis.Optimisation;
using TrafficFlow.Analysis.Queues;
using TrafficFlow.Analysis.Records;
using TrafficFlow.Analysis.Simulators;
using TrafficFlow.Analysis.Simulators.Sumo;
using TrafficFlow.Analysis.Studies;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Node.Analyse;

/// <summary>How studies of this node are made.</summary>
/// <param name="Simulates">Whether proposals are tried in SUMO.</param>
internal sealed record StudyOptions(CongestionProfile Profile, bool Simulates)
{
    public ControllerSource? Controller { get; init; }

    /// <summary>Search the proposals' greens too, each beside the exact or best classical answer; the holder disposes of them.</summary>
    public IReadOnlyList<ISolver> Solvers { get; init; } = [];

    /// <summary>Runs of the simulator at once; null for one for each processor.</summary>
    public int? Parallel { get; init; }
}

/// <summary>From a record to a whole study: all that finds something, put together in one place.</summary>
internal static class StudyMaker
{
    /// <summary>For what is exact beside each solver: greens of a cycle are proved in a second or two.</summary>
    private static readonly TimeSpan s_classicalTime = TimeSpan.FromSeconds(20);

    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static async Task<JunctionStudy> MakeAsync(JunctionRecord record, Site site, StudyOptions options, DateTimeOffset now, IProgress<StudyProgress>? progress, CancellationToken cancellation)
    {
        var settings = new StudySettings(options.Profile, now, ProductVersion.Version)
        {
            Controller = options.Controller,
            Lanes = LanesOf,
            LaneQueues = (of, signals, cancelled) => StudyQueues.Find(of, signals, cancelled, SiteJunction.DrivesOnLeft(of.TimeZone)),
            Causes = DailyCauses.Find,
        };
        var study = JunctionStudies.Of(record, settings, progress, cancellation);
        if (options.Solvers.Count > 0)
        {
            var searched = ImmutableArray.CreateBuilder<ProposalStudy>();
            foreach (var proposal in study.Proposals)
                searched.Add(await SolverRuns.SearchAsync(proposal, settings.RulesFor(proposal.Timing.Today.Plan), options.Solvers, new SolverSettings(), s_classicalTime, settings.Seed, cancellation));
            study = study with { Proposals = searched.ToImmutable() };
        }

        if (!options.Simulates) return study;
        return await SimulatedProposals.RunAsync(study, record, site, new SumoSimulator(), new SimulationSettings { Parallel = options.Parallel }, progress, cancellation);
    }

    private static ImmutableArray<int?>? LanesOf(JunctionRecord record, ApproachId approach, ImmutableArray<Journey> journeys)
    {
        if (ApproachLanes.Of([.. journeys.Select(j => j.LateralMetres).OfType<double>()]) is not { } lanes) return null;
        var fromLeft = SiteJunction.DrivesOnLeft(record.TimeZone);
        return [.. journeys.Select(j => j.LateralMetres is { } lateral && lanes.Of(lateral) is { } lane ? fromLeft ? lane : lanes.Middles.Length + 1 - lane : (int?)null)];
    }
}
