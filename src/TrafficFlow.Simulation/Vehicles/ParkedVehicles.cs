using TrafficFlow.Core.Detection;
using TrafficFlow.Simulation.People;

namespace TrafficFlow.Simulation.Vehicles;

/// <summary>
/// Vehicles that stand at the kerb and on pavements all the time, at places that the seed decides. Those at the kerb reach into the kerb
/// lane: whoever drives past keeps away from them, and the inner lane makes room.
/// </summary>
internal sealed class ParkedVehicles
{
    /// <summary>How long before and after a parked vehicle others begin and end to keep away, metres.</summary>
    public const double Ramp = 11;

    private const double Beside = 2.5;
    private const double Nearest = 26;
    private const double Farthest = 84;
    private const double Clearance = 0.35;

    /// <summary>Middle of an inner lane's vehicle that makes room.</summary>
    private const double InnerMoved = 1.28;

    private readonly List<Stand> _stands = [];

    public ParkedVehicles(JunctionSettings settings)
    {
        var street = settings.Street;
        var random = new Pcg32((ulong)(uint)settings.Seed, 400);
        var views = new List<VehicleView>();
        for (var tries = 0; tries < 40 * street.Parked && views.Count < street.Parked; tries++)
        {
            if (Place(street, random, -1 - views.Count) is not { } placed) continue;
            _stands.Add(placed.Stand);
            views.Add(placed.View);
        }

        Views = views;
    }

    public IReadOnlyList<VehicleView> Views { get; }

    /// <summary>What walkers go around on a pavement: from and to outwards, and how far from the middle it reaches.</summary>
    public IEnumerable<(double Low, double High, double Outer)> OnPavement(int arm, int side) =>
        _stands.Where(s => s.Arm == arm && s.Side == side && s.Outer > JunctionLayout.HalfWidth + 0.4).Select(s => (s.Low, s.High, s.Outer));

    /// <summary>Where the ways of the kerb lane past parked vehicles begin and end, outwards from the middle.</summary>
    public IEnumerable<(double Low, double High)> Narrows(int arm, int side) =>
        _stands.Where(s => s.IsAtKerb && s.Arm == arm && s.Side == side).Select(s => (s.Low - Beside - Ramp, s.High + Beside + Ramp));

    /// <summary>The sideways distance from the middle that a vehicle takes which would keep to <paramref name="offset"/>.</summary>
    public double Offset(int arm, int side, bool isInner, double b, double offset, double halfWidth)
    {
        foreach (var stand in _stands)
        {
            if (!stand.IsAtKerb || stand.Arm != arm || stand.Side != side) continue;
            var away = Math.Max(stand.Low - Beside - b, b - stand.High - Beside);
            if (away >= Ramp) continue;
            var share = 1 - Math.Clamp(away / Ramp, 0, 1);
            share = share * share * (3 - (2 * share));
            var target = isInner ? InnerMoved : stand.Inner - Clearance - halfWidth;
            if (target < offset) offset += share * (target - offset);
        }

        return offset;
    }

    private (Stand Stand, VehicleView View)? Place(StreetSettings street, Pcg32 random, long id)
    {
        var (arm, side) = ((int)(random.Next() & 3), random.Uniform() < 0.5 ? -1 : 1);
        var isOnPavement = random.Uniform() < street.ParkedOnPavement;
        var model = Fleet.Draw(isOnPavement ? new ClassMix(0.72, 0.22, 0, 0, 0.06) : new ClassMix(0.58, 0.24, 0.10, 0.06, 0.02), random);
        var paint = Fleet.DrawPaint(model, random);
        // Beside the leaving lanes there is room for some who wait to get past without filling the junction.
        var low = random.Between(side > 0 ? Nearest : Nearest + 9, Farthest);
        var high = low + model.Length;
        // A motorcycle stands on the pavement, nobody at a bus stop's kerb.
        isOnPavement |= model.Class == VehicleClass.Motorcycle;
        if (!isOnPavement && side < 0 && low < WalkRoute.BusStop + 9 && high > WalkRoute.BusStop - 9) return null;
        if (_stands.Exists(s => s.Arm == arm && s.Side == side && low < s.High + 1.2 && high > s.Low - 1.2)) return null;
        var inner = isOnPavement ? random.Between(7.2, 7.5) : random.Between(5.3, 5.6);
        var isAgainst = isOnPavement && random.Uniform() < 0.3;
        var goes = (side > 0 ? -1 : 1) * (isAgainst ? -1 : 1);
        var (from, to) = (JunctionLayout.ToGround(arm, 0, 0), JunctionLayout.ToGround(arm, 0, goes));
        var view = new VehicleView(
            id, model.Class, model.Shape, JunctionLayout.ToGround(arm, side * (inner + (model.Width / 2)), (low + high) / 2),
            Math.Atan2(to.Y - from.Y, to.X - from.X) + random.Between(-0.015, 0.015), model.Length, model.Width, model.Height, 0, paint, false, Indicator.Off)
        {
            IsParked = true,
        };
        return (new Stand(arm, side, low, high, inner, inner + model.Width, !isOnPavement), view);
    }

    /// <param name="Side">1 beside the arriving lanes, -1 beside the leaving ones.</param>
    /// <param name="Inner">Sideways distance of its side towards the road from the middle.</param>
    private readonly record struct Stand(int Arm, int Side, double Low, double High, double Inner, double Outer, bool IsAtKerb);
}
