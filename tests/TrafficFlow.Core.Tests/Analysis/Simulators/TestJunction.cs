using System.Collections.Immutable;
using TrafficFlow.Analysis.Simulators;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Tests.Analysis.Simulators;

/// <summary>A junction of four arms for tests of simulators: a lane ahead and to the near side, one across.</summary>
internal static class TestJunction
{
    public static readonly ApproachId North = new("north");
    public static readonly ApproachId East = new("east");
    public static readonly ApproachId South = new("south");
    public static readonly ApproachId West = new("west");

    public static readonly ApproachId[] Arms = [North, East, South, West];

    public static JunctionModel Model(bool drivesOnLeft = true, double? pocketMetres = null, double? seenMetres = 60)
    {
        return new JunctionModel(drivesOnLeft, [.. Enumerable.Range(0, 4).Select(Arm)]);

        ArmModel Arm(int i)
        {
            // Clockwise: on the left of somebody who arrives lies the next arm.
            var (near, across) = drivesOnLeft ? (1, 3) : (3, 1);
            return new ArmModel(Arms[i], i * 90, [new([Arms[(i + near) & 3], Arms[(i + 2) & 3]]), new([Arms[(i + across) & 3]], pocketMetres)], 2, 50, 300) { SeenMetres = seenMetres };
        }
    }

    /// <summary>Both streets in turn: ahead, then the arrow for the turn across; 10 s lost with each.</summary>
    public static SignalSteps Plan(double northSouth, double eastWest, double arrow = 10, double offset = 0, MovementLight across = MovementLight.Red)
    {
        var steps = ImmutableArray.CreateBuilder<SignalStep>();
        foreach (var (street, green) in new[] { (0, northSouth), (1, eastWest) })
        {
            steps.Add(Step(street, green, MovementLight.Green, across));
            steps.Add(Step(street, 3, MovementLight.Amber, across == MovementLight.Red ? across : MovementLight.Amber));
            steps.Add(Step(street, 2, MovementLight.Red, MovementLight.Red));
            if (arrow <= 0) continue;
            steps.Add(Step(street, arrow, MovementLight.Red, MovementLight.Green));
            steps.Add(Step(street, 3, MovementLight.Red, MovementLight.Amber));
            steps.Add(Step(street, 2, MovementLight.Red, MovementLight.Red));
        }

        return new SignalSteps(steps.ToImmutable(), offset);
    }

    /// <param name="perHour">Vehicles on each arm, from north clockwise.</param>
    public static DemandSlice Demand(double toSeconds, double[] perHour, double acrossShare = 0.16) => new(0, toSeconds,
    [
        .. from i in Enumerable.Range(0, 4)
           from turn in new[] { (By: 1, Share: 0.18), (By: 2, Share: 0.82 - acrossShare), (By: 3, Share: acrossShare) }
           from mix in new[] { (Class: VehicleClass.PassengerCar, Share: 0.75), (Class: VehicleClass.LightGoods, Share: 0.14), (Class: VehicleClass.HeavyGoods, Share: 0.08), (Class: VehicleClass.Bus, Share: 0.03) }
           select new DemandFlow(new TurnId(Arms[i], Arms[(i + turn.By) & 3]), mix.Class, perHour[i] * turn.Share * mix.Share),
    ]);

    private static SignalStep Step(int street, double seconds, MovementLight ahead, MovementLight across) => new(
        seconds,
        new[] { street, street + 2 }.SelectMany(i => new[]
        {
            KeyValuePair.Create(new TurnId(Arms[i], Arms[(i + 1) & 3]), ahead),
            KeyValuePair.Create(new TurnId(Arms[i], Arms[(i + 2) & 3]), ahead),
            KeyValuePair.Create(new TurnId(Arms[i], Arms[(i + 3) & 3]), across),
        }).ToImmutableDictionary());
}
