using Akka.Actor;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Membership;
using TrafficFlow.Wire.Routing;

namespace TrafficFlow.Benchmarks.Restart;

/// <summary>What the product itself says after all kills: aggregators recovered from the journal, asked for totals and bins.</summary>
internal static class RecoveredState
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <returns>Where totals or bins differ from what the journal proves, in words.</returns>
    public static async Task<IReadOnlyList<string>> CompareAsync(string journal, Site site, Evidence evidence)
    {
        await using var node = await InProcessNode.StartAsync(journal, builder => builder.WithApproachAggregators(site), TrafficFlowRoles.Server);
        var region = node.Registry.Get<ApproachRegion>();
        var around = evidence.Span();
        var (from, to) = (around.From.AddHours(-2), around.To.AddHours(2));
        var faults = new List<string>();
        foreach (var approach in site.Approaches.Select(a => a.Id).Append(ApproachId.Gates))
        {
            var expected = evidence.VehiclesOf.GetValueOrDefault(approach.Value);
            var status = await region.Ask<ApproachStatus>(new GetApproachStatus(site.Id, approach), Patience);
            var total = status.Totals.Sum(t => t.Count);
            if (total != expected) faults.Add($"the total of {approach} is {total}, the journal proves {expected}");
            var bins = await region.Ask<FlowBins>(new GetFlowBins(site.Id, approach, BinDuration.OneMinute, from, to), Patience);
            var binned = bins.Bins.Sum(b => b.Rows.Sum(r => (long)r.Sums.Count));
            if (binned + status.TooLate != expected) faults.Add($"the bins of {approach} hold {binned}, the journal proves {expected}");
        }

        return faults;
    }
}
