using TrafficFlow.Analysis.Causes;
using TrafficFlow.Analysis.Congestion;
using TrafficFlow.Analysis.Simulators.Sumo;
using TrafficFlow.Analysis.Studies;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Node.Analyse;

/// <summary>How studies of this node are made.</summary>
/// <param name="Simulates">Whether proposals are tried in SUMO.</param>
internal sealed record StudyOptions(CongestionProfile Profile, bool Simulates)
{
    public ControllerSource? Controller { get; init; }

    /// <summary>Runs of the simulator at once; null for one for each processor.</summary>
    public int? Parallel { get; init; }
}

/// <summary>From a record to a whole study: all that finds something, put together in one place.</summary>
internal static class StudyMaker
{
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static async Task<JunctionStudy> MakeAsync(JunctionRecord record, Site site, StudyOptions options, DateTimeOffset now, IProgress<StudyProgress>? progress, CancellationToken cancellation)
    {
        var settings = new StudySettings(options.Profile, now, ProductVersion.Version)
        {
            Controller = options.Controller,
            Causes = (of, found, signals, _) => CauseFinder.Find(of, signals, [.. found.Approaches.Select(a => new CongestionTimeline(a.Approach, [], a.Events))]),
        };
        var study = JunctionStudies.Of(record, settings, progress, cancellation);
        if (!options.Simulates) return study;
        return await SimulatedProposals.RunAsync(study, record, site, new SumoSimulator(), new SimulationSettings { Parallel = options.Parallel }, progress, cancellation);
    }
}
