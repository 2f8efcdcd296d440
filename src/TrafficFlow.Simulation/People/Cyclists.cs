using TrafficFlow.Core.Detection;
using TrafficFlow.Simulation.Vehicles;

namespace TrafficFlow.Simulation.People;

/// <summary>
/// Who rides along the kerb and straight on or left through the junction. Vehicles pass them, but not where a parked vehicle sends the
/// cyclist into the kerb lane, and who turns left lets them go first.
/// </summary>
internal sealed class Cyclists
{
    /// <summary>Beside the kerb lane's middle, to the left.</summary>
    private const double ToLeft = 1.7;

    private const double AppearsBefore = 105;

    /// <summary>Of the left turn, metres after the stop line, until a vehicle has not yet crossed the cyclists' line.</summary>
    private const double Commits = 0.5;

    private static readonly VehicleModel s_bicycle = new(
        VehicleClass.Unclassified, BodyShape.Scooter, CyclistView.Length, CyclistView.Width, 1.7, 1.05, 0.9, 0.9);

    private static readonly Paint[] s_frames = [new(24, 26, 30), new(150, 152, 156), new(36, 70, 140), new(160, 30, 34), new(214, 214, 208), new(70, 120, 96)];

    private readonly StreetSettings _street;
    private readonly ParkedVehicles _parked;
    private readonly Pcg32 _random;
    private readonly List<SimulatedVehicle> _riders = [];
    private readonly Dictionary<long, (PersonLook Look, Paint Frame)> _looks = [];
    private double _next = double.PositiveInfinity;
    private long _nextId = 1;

    public Cyclists(JunctionSettings settings, ParkedVehicles parked, double startsAt)
    {
        (_street, _parked, _random) = (settings.Street, parked, new Pcg32((ulong)(uint)settings.Seed, 310));
        if (_street.CyclistsPerHour > 0) _next = startsAt + _random.Exponential(3600 / _street.CyclistsPerHour);
    }

    public IReadOnlyList<SimulatedVehicle> Riders => _riders;

    public void Appear(double seconds)
    {
        while (_next <= seconds)
        {
            _next += _random.Exponential(3600 / _street.CyclistsPerHour);
            var path = LanePath.Of((int)(_random.Next() & 3), _random.Uniform() < 0.3 ? Turn.Left : Turn.Through);
            var (speed, look) = (_random.Between(3.6, 5.8), Wardrobe.Draw(_random.Uniform() < 0.5 ? PersonBuild.Man : PersonBuild.Woman, _random));
            var frame = s_frames[(int)(_random.Uniform() * s_frames.Length)];
            if (_riders.Exists(r => r.Path.Arm == path.Arm && r.Rear < 4 - AppearsBefore)) continue;
            var rider = new SimulatedVehicle(_nextId++, s_bicycle, frame, path, speed, ToLeft, _parked) { S = -AppearsBefore, Speed = speed };
            _looks[rider.Id] = (look, frame);
            _riders.Add(rider);
        }
    }

    /// <summary>Moves everybody by their accelerations; who is far out is gone.</summary>
    public void Advance(double step)
    {
        foreach (var rider in _riders)
        {
            var before = rider.Speed;
            rider.Speed = Math.Max(0, before + (rider.Acceleration * step));
            rider.S += 0.5 * (before + rider.Speed) * step;
        }

        foreach (var gone in _riders.Where(r => r.E > AppearsBefore)) _looks.Remove(gone.Id);
        _riders.RemoveAll(r => r.E > AppearsBefore);
    }

    /// <summary>Calls <paramref name="mind"/> with gap and speed of all that is in a cyclist's way, signals and people apart.</summary>
    public void MindOthers(SimulatedVehicle me, IReadOnlyList<SimulatedVehicle> vehicles, Action<double, double> mind)
    {
        foreach (var other in _riders)
        {
            if (other != me && GapOnRoad(me, other) is { } gap && (gap > -CyclistView.Length || other.Id < me.Id)) mind(Math.Max(gap, -0.2), other.Speed);
        }

        foreach (var vehicle in vehicles)
        {
            if (vehicle.Path.Turn == Turn.Right) continue;
            if (me.LeavesKerb && GapOnRoad(me, vehicle) is > -0.5 and var gap) mind(gap, vehicle.Speed);
            // A vehicle that turns left and has crossed the cyclists' line is in the way until it has left the junction.
            var isTurning = vehicle.Path is { Turn: Turn.Left } && vehicle.Path.Arm == me.Path.Arm && vehicle.S > Commits && vehicle.E - vehicle.Model.Length < 0;
            if (isTurning && me.S < 1) mind(1.5 - me.S, 0);
        }

        // Who is in the lane already stays there until the last of several parked vehicles is passed: it must not wait for those behind it.
        if (!me.LeavesKerb && Narrow(me) is { } toNarrow && !IsFree(me, vehicles)) mind(toNarrow + 1.5, 0);
    }

    /// <summary>Metres from a vehicle's front to a cyclist who is in its lane or whom it must not cut off; null when there is none.</summary>
    public double? Ahead(SimulatedVehicle me, out double speed)
    {
        (double? nearest, speed) = (null, 0);
        if (me.Path.Turn == Turn.Right) return null;
        foreach (var rider in _riders)
        {
            if (rider.LeavesKerb && GapOnRoad(me, rider) is { } gap && gap > -1 && !(gap >= nearest)) (nearest, speed) = (gap, rider.Speed);
            if (me.Path.Turn != Turn.Left || rider.Path.Arm != me.Path.Arm || me.S > Commits || me.S < -25) continue;
            var isBeside = rider.S > me.S - 9 && rider.S < 7 && (rider.S > -0.5 || rider.Speed > 1);
            if (isBeside && Commits - me.S + 1 is var left && !(left >= nearest)) (nearest, speed) = (left, 0);
        }

        return nearest;
    }

    public void ViewInto(List<CyclistView> views)
    {
        foreach (var rider in _riders)
        {
            var (view, (look, frame)) = (rider.View(), _looks[rider.Id]);
            var pedal = (rider.S + JunctionLayout.ArmLength) / 4.2;
            views.Add(new CyclistView(rider.Id, view.Centre, view.HeadingRadians, rider.Speed, pedal - Math.Floor(pedal), look.Height, look.Clothes, frame));
        }
    }

    /// <summary>From the front of one to the rear of another on the same arm and way; null on others and in the junction.</summary>
    private static double? GapOnRoad(SimulatedVehicle me, SimulatedVehicle other)
    {
        if (me.S <= 0 && me.Path.Arm == other.Path.Arm && other.Rear <= 0) return other.S >= me.S ? other.Rear - me.S : null;
        if (me.S > 0 && other.S > 0 && me.Path.ExitArm == other.Path.ExitArm && other.E > 0) return other.E >= me.E ? other.E - other.Model.Length - me.E : null;
        return null;
    }

    /// <summary>Metres to where the way past parked vehicles begins; null when it is far, begun or there is none.</summary>
    private double? Narrow(SimulatedVehicle me)
    {
        double? nearest = null;
        if (me.S <= 0)
        {
            foreach (var (_, high) in _parked.Narrows(me.Path.Arm, 1)) Note(JunctionLayout.StopLine - high - me.S);
        }
        else if (me.E > -20)
        {
            foreach (var (low, _) in _parked.Narrows(me.Path.ExitArm, -1)) Note(low - JunctionLayout.ExitLine - me.E);
        }

        return nearest;

        void Note(double left)
        {
            if (left is > -1.5 and < 18 && !(left >= nearest)) nearest = left;
        }
    }

    private static bool IsFree(SimulatedVehicle me, IReadOnlyList<SimulatedVehicle> vehicles)
    {
        foreach (var v in vehicles)
        {
            if (v.Path.Turn == Turn.Right) continue;
            var isSame = me.S <= 0 ? v.Path.Arm == me.Path.Arm && v.Rear <= 0 : v.Path.ExitArm == me.Path.ExitArm && v.S > 0;
            var ahead = me.S <= 0 ? v.S - me.S : v.E - me.E;
            if (isSame && ahead > -Math.Max(7, v.Speed * 3) && ahead - v.Model.Length < 4) return false;
        }

        return true;
    }
}
