using System.Collections.Immutable;
using TrafficFlow.Analysis.Capacity;
using TrafficFlow.Analysis.Proposals;
using TrafficFlow.Analysis.Signals;
using TrafficFlow.Analysis.Simulators;
using TrafficFlow.Analysis.Studies;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Signals;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.SystemTests.Web.Analysis;

/// <summary>Proposals by the real search and the real comparison of seeds; the simulator's journeys are drawn from what the formulas expect.</summary>
internal static class ProposalSample
{
    public static ImmutableArray<ProposalStudy> Of(Interval span)
    {
        var peak = new Interval(span.From.AddMinutes(70), span.From.AddMinutes(120));
        ImmutableArray<GroupDemand> demand = [.. Demand(0.047)];
        var timing = TimingProposal.Of(Today, demand, TimingRules.Default with { MostAddedDelaySeconds = 6 });
        return
        [
            new(peak, demand, timing)
            {
                Measures = [new(MeasureKind.LongerTurnLane, StudySample.North, Movement.To(StudySample.East), 35, null), new(MeasureKind.Offset, StudySample.South, null, 18, new Estimate(1.9, 0.4, 3.4))],
                Simulated = Simulated(timing),
                Solvers =
                [
                    new("simulated annealing", 118, -41.83, -41.83, true, 0.214, 0.031, null, null), new("tabu", 118, -41.02, -41.83, true, 0.187, null, null, null),
                    new("d-wave Advantage2_system1.4", 118, -39.6, -41.83, true, 4.8, null, "0.034 s QPU", null), new("fixstars.example", 118, null, -41.83, true, 30, null, "1 job", "no answer within 30 s"),
                ],
            },
            // What is best already stays.
            new(new Interval(span.From, peak.From), demand, TimingProposal.Of(timing.Proposed.Plan, demand, TimingRules.Default)),
        ];
    }

    private static TimingPlan Today { get; } = new(
        "peak",
        [
            new("main", StudySample.North, [Movement.To(StudySample.South), Movement.To(StudySample.East)]), new("main-s", StudySample.South, [Movement.To(StudySample.North), Movement.To(StudySample.West)]),
            new("side", StudySample.East, [Movement.To(StudySample.West)]), new("side-w", StudySample.West, [Movement.To(StudySample.East)]), new("ped", StudySample.East, []),
        ],
        [new("1φ", ["main", "main-s", "ped"], 42, 3, 3), new("2φ", ["side", "side-w"], 66, 3, 3)]);

    private static IEnumerable<GroupDemand> Demand(double error) =>
    [
        new("main", [new("1", 620, 1_780), new("2", 180, 1_700)], error), new("main-s", [new("1", 540, 1_790), new("2", 110, 1_650)], error),
        new("side", [new("1", 340, 1_800)], error), new("side-w", [new("1", 410, 1_795)], error),
    ];

    private static SimulationStudy Simulated(TimingProposal timing)
    {
        var random = new Random(4);
        var turns = new[] { (StudySample.North, StudySample.South, "main"), (StudySample.South, StudySample.North, "main-s"), (StudySample.East, StudySample.West, "side"), (StudySample.West, StudySample.East, "side-w") };
        var classes = new[] { VehicleClass.PassengerCar, VehicleClass.PassengerCar, VehicleClass.PassengerCar, VehicleClass.HeavyGoods, VehicleClass.Bus };
        var before = new List<ImmutableArray<SimulatedJourney>>();
        var after = new List<ImmutableArray<SimulatedJourney>>();
        for (var seed = 0; seed < 20; seed++)
        {
            var vehicles = Enumerable.Range(0, 160).Select(i => (Turn: turns[random.Next(4)], Class: classes[random.Next(5)], At: 300.0 + (i * 10), Luck: 0.5 + random.NextDouble())).ToList();
            before.Add([.. vehicles.Select(v => JourneyOf(v, timing.Today))]);
            after.Add([.. vehicles.Select(v => JourneyOf(v, timing.Proposed))]);
        }

        return new SimulationStudy(
            "SUMO 1.15.0", "HBEFA4", [new(StudySample.North, 74.1, 912), new(StudySample.East, 21.8, 288), new(StudySample.South, 38.0, 655), new(StudySample.West, 24.9, 412)], [70.4, 24.4, 39.2, 25.3], true,
            PlanComparison.Of(before, after, 300), ["every arm has two lanes over 300 m: the site file names none", "nobody crosses on foot"]);

        SimulatedJourney JourneyOf(((ApproachId From, ApproachId To, string Group) Turn, VehicleClass Class, double At, double Luck) v, PlanEffect effect)
        {
            var delay = effect.Of(v.Turn.Group).DelaySeconds * v.Luck * (0.9 + (0.2 * random.NextDouble()));
            var fuel = (v.Class == VehicleClass.PassengerCar ? 38 : 190) + (delay * (v.Class == VehicleClass.PassengerCar ? 0.2 : 0.9));
            return new SimulatedJourney(new TurnId(v.Turn.From, v.Turn.To), v.Class, v.At, delay, delay * 0.9, delay > 5 ? 1 + (int)(delay / 80) : 0, delay * 0.8, fuel, fuel * 3.15, true);
        }
    }
}
