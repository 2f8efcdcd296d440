using TrafficFlow.Analysis.Simulators.Sumo;

namespace TrafficFlow.Node.Run.Preflight;

/// <summary>What the studies of each week need. Without a simulator proposals are not tried, which is no reason not to start.</summary>
internal static class AnalysisChecks
{
    public static IEnumerable<Finding> Run(NodeDefinition node)
    {
        if (node.Analysis is not { } analysis) yield break;
        yield return analysis.Simulates && new SumoSimulator().Missing is { } missing
            ? Finding.Doubtful("studies", $"{missing} (or set trafficflow.analysis.simulator = off)")
            : Finding.Good("studies", $"each Monday at {analysis.At:HH\\:mm} by the sites' clocks, by {analysis.Profile.Name}, to {analysis.Folder}");
    }
}
