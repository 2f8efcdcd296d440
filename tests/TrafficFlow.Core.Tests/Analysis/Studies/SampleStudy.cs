using System.Collections.Immutable;
using TrafficFlow.Analysis.Capacity;
using TrafficFlow.Analysis.Causes;
using TrafficFlow.Analysis.Congestion;
using TrafficFlow.Analysis.Proposals;
using TrafficFlow.Analysis.Queues;
using TrafficFlow.Analysis.Signals;
using TrafficFlow.Analysis.Signals.ControllerLogs;
using TrafficFlow.Analysis.Simulators;
using TrafficFlow.Analysis.Studies;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Signals;
using TrafficFlow.Core.Sites;
using SimulatedFigure = TrafficFlow.Analysis.Simulators.ComparedFigure;
using SimulatedGroup = TrafficFlow.Analysis.Simulators.ComparedGroup;
using SimulatedPlans = TrafficFlow.Analysis.Simulators.PlanComparison;

namespace TrafficFlow.Core.Tests.Analysis.Studies;

/// <summary>A study that holds one of each thing that a study may hold.</summary>
internal static class SampleStudy
{
    public static readonly DateTimeOffset Start = new(2026, 4, 6, 0, 0, 0, TimeSpan.FromHours(9));
    private static readonly ApproachId s_north = new("north");
    private static readonly ApproachId s_east = new("east");

    public static JunctionStudy Of()
    {
        var hour = new Interval(Start.AddHours(7), Start.AddHours(8));
        var through = Movement.To(new ApproachId("south"));
        var plan = new TimingPlan(
            "P1",
            [new SignalGroup("north", s_north, [through]), new SignalGroup("east", s_east, [Movement.Entering])],
            [new SignalStage("1", ["north"], 30, 3, 2), new SignalStage("2", ["east"], 20, 3, 2)]);
        ImmutableArray<GroupDemand> demand = [new("north", [new LaneGroup("north", 700, 1800)], 0.05), new("east", [new LaneGroup("east", 200, 1800)], 0.1)];
        var five = new Estimate(5, 4, 6);
        var inferred = new InferredSignals(
            [
                new InferredPlan(
                    hour, hour, new Estimate(60, 59.9, 60.1), hour.From,
                    [new InferredGroup(s_north, [through], 600, five, five, five, null) { Leaders = 30, ScatterSeconds = 1 }, new InferredGroup(s_east, [Movement.Entering], 90, null, null, null, null)],
                    [new InferredStage([0], five, five)], 0.9),
            ],
            [new UnknownSignals(new Interval(Start, hour.From), UnknownReason.TooLittleTraffic)])
        {
            Varying = [new VaryingSignals(hour, five, 3, [hour.From], [new VaryingGroup(s_east, [Movement.Entering], 10, 0.1, 0.2, 12, 3)])],
        };
        return new JunctionStudy(
            new StudySubject(new SiteId("kokandori"), "鋼管通り交差点", "Asia/Tokyo", new Interval(Start, Start.AddDays(7)), "jartic-ordinary", 700, Start.AddDays(8), "1.2.3")
            {
                Provenance = [new Provenance("0123456789abcdef", "default", "1", "none")],
            },
            [
                new ApproachStudy(
                    s_north, "産業道路 北", TimeSpan.FromHours(100),
                    [
                        new LevelCell(new Interval(Start, Start.AddMinutes(15)), CongestionLevel.Unknown, null, 0, 0, 0, 0, null, null, null, null),
                        new LevelCell(hour, CongestionLevel.Congested, 8.5, 300, 9000, 200, 1, 40, 90, 55, 0.4) { IsBeyondSight = true },
                    ],
                    [new CongestionEvent(s_north, "jartic-ordinary", hour, true, false, 7, hour.From, 90, true, 2, 2.5, hour.Length)],
                    [new RecurrentCongestion(s_north, new TimeOnly(7, 0), new TimeOnly(8, 0), [new DateOnly(2026, 4, 6)], 5, 12)],
                    [new LaneCycleQueue(s_north, 1, hour, hour.From, five, 7, true)]),
            ],
            new SignalStudy(SignalSource.Controller, inferred, [new TrafficFlow.Analysis.Signals.ControllerLogs.ComparedGroup(s_north, through, 50, new TrafficFlow.Analysis.Signals.ControllerLogs.ComparedFigure(five, 5, 0), null, null)], five)
            {
                Profiles = [new CycleProfile(0, 0, [1, 2, 3])],
                Coordination = [new CoordinationPlot(s_north, through, hour, 60, 30, 57, [(hour.From, 31.25)], five)],
                Periods = [new PlanPeriod(0, [0])],
            },
            [new MovementStudy(s_north, through, 0, hour, five, 0.1, 25, 0.7, new Estimate(1800, 1700, 1900), true, five, 0.4, new Estimate(0.8, 0.7, 0.9), five, null) { Stretches = [hour], Lanes = 1 }])
        {
            Causes = [new CauseFinding(CauseKind.GreenTooShort, s_north, through, hour, 0.8, 2.5, [new EvidenceFigure(EvidenceName.DegreeOfSaturation, 1.02, 0.9, hour, s_north)], []) { Rivals = [CauseKind.DemandSurge] }],
            Proposals =
            [
                new ProposalStudy(hour, demand, TimingProposal.Of(plan, demand, TimingRules.Default))
                {
                    Plan = 0,
                    Stretches = [hour],
                    IsPeakHour = true,
                    Measures = [new MeasureStudy(MeasureKind.LongerTurnLane, s_north, through, 20, five)],
                    Simulated = new SimulationStudy(
                        "SUMO 1.15.0", "HBEFA", [new MeasuredDelay(s_north, 25, 300)], [26.5], true, new SimulatedPlans(20, 0.95, Group("all"), [Group("north")], [], []), ["one lane"]),
                    Solvers = [new SolverRun("annealing", 40, -12.5, -12.5, true, 0.2, null, null, null)],
                },
            ],
            Unsaid = [new Unsaid(UnsaidKind.NotWatched, s_east, hour, "3"), new Unsaid(UnsaidKind.NoSignals, null, null)],
        };
    }

    private static SimulatedGroup Group(string name)
    {
        // Without vehicles there is no figure.
        var figure = new SimulatedFigure(30, 25, -5, -6, double.NaN, 300, 0.01) { IsBeyondNoise = true };
        return new SimulatedGroup(name, figure, figure, figure, figure);
    }
}
