using System.Collections.Immutable;
using TrafficFlow.Analysis.Capacity;
using TrafficFlow.Analysis.Proposals;
using TrafficFlow.Analysis.Proposals.Corridors;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Signals;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Tests.Analysis.Proposals.Corridors;

/// <summary>Lines of junctions with a main road (groups out and in), side streets and, where it is asked for, an arrow for those who turn right off the main road.</summary>
internal static class Lines
{
    public static CorridorJunction Junction(string name, double mainGreen, double sideGreen, double outFlow, double inFlow, double sideFlow, double offset = 0, double error = 0)
    {
        ImmutableArray<SignalGroup> groups =
        [
            new("out", new ApproachId("west"), [Movement.To(new ApproachId("east"))]), new("in", new ApproachId("east"), [Movement.To(new ApproachId("west"))]),
            new("side", new ApproachId("south"), [Movement.To(new ApproachId("east")), Movement.To(new ApproachId("west"))]),
        ];
        var plan = new TimingPlan(name, groups, [new SignalStage("main", ["out", "in"], mainGreen, 3, 2), new SignalStage("side", ["side"], sideGreen, 3, 2)], offset);
        return new CorridorJunction(name, plan, [Demand("out", outFlow, 3600, error), Demand("in", inFlow, 3600, error), Demand("side", sideFlow, 1800, error)]);
    }

    public static GroupDemand Demand(string group, double flow, double saturation, double error = 0) => new(group, [new LaneGroup(group, flow, saturation)], error);

    /// <summary>Straight on from the main road, with a share of the side streets' vehicles turning in.</summary>
    public static CorridorLink Link(Corridor partial, int from, int to, double travelSeconds, double sideShare = 0, PlatoonDispersion? dispersion = null)
    {
        var group = to > from ? "out" : "in";
        double Flow(int junction, string name) => partial.Junctions[junction].Demand.First(d => d.Group == name).VehiclesPerHour;
        return new CorridorLink(from, to, travelSeconds * 13.9, travelSeconds, [new LinkFeed(group, Math.Min(Flow(from, group), Flow(to, group)) * (1 - sideShare)), new LinkFeed("side", Flow(from, "side") * sideShare)], [group])
        {
            Dispersion = dispersion ?? PlatoonDispersion.Transyt,
        };
    }

    public static Corridor Of(ImmutableArray<CorridorJunction> junctions, ImmutableArray<double> travelSeconds, bool isTwoWay = true, double sideShare = 0, PlatoonDispersion? dispersion = null)
    {
        var bare = new Corridor(junctions, []);
        return bare with
        {
            Links =
            [
                .. from i in Enumerable.Range(0, travelSeconds.Length)
                   from isBack in isTwoWay ? new[] { false, true } : [false]
                   select isBack ? Link(bare, i + 1, i, travelSeconds[i], sideShare, dispersion) : Link(bare, i, i + 1, travelSeconds[i], sideShare, dispersion),
            ],
        };
    }

    /// <summary>From quiet to nearly saturated; offsets as nobody has set them.</summary>
    public static Corridor Random(int seed, int junctions, bool hasHalfCycles = false)
    {
        var random = new Random(seed);
        var cycle = 2 * random.Next(hasHalfCycles ? 40 : 30, 61);
        var (outFlow, inFlow) = (500 + (700 * random.NextDouble()), 300 + (700 * random.NextDouble()));
        var all = Enumerable.Range(1, junctions).Select(k =>
        {
            var own = hasHalfCycles && k > 1 && random.Next(3) == 0 ? cycle / 2.0 : cycle;
            var main = Math.Round((own - 10) * (0.5 + (0.15 * random.NextDouble())));
            return Junction(
                $"J{k}", main, own - 10 - main, outFlow * (0.9 + (0.2 * random.NextDouble())), inFlow * (0.9 + (0.2 * random.NextDouble())),
                1800 * (own - 10 - main) / own * (0.3 + (0.5 * random.NextDouble())), random.Next(0, (int)own), 0.1);
        });
        return Of([.. all], [.. Enumerable.Range(1, junctions - 1).Select(_ => 12 + (40 * random.NextDouble()))], true, 0.05 + (0.2 * random.NextDouble()));
    }
}
