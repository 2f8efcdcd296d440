using TrafficFlow.Core.Detection;
using TrafficFlow.Simulation.Troubles;

namespace TrafficFlow.Simulation.Vehicles;

/// <summary>The Poisson stream of one approach. Who finds the road full waits beyond its end, in order, and still counts as arrived.</summary>
internal sealed class Arrivals(JunctionSettings settings, int arm, ApproachDemand demand, LaneChanges? changes)
{
    // Two generators: when vehicles come does not depend on what they are.
    private readonly Pcg32 _times = new((ulong)(uint)settings.Seed, (ulong)(2 * arm) + 100);
    private readonly Pcg32 _kinds = new((ulong)(uint)settings.Seed, (ulong)(2 * arm) + 101);
    private readonly Queue<Arrival>[] _waiting = [new(), new()];
    private readonly UpstreamQueue? _upstream = settings.Troubles.Upstream.Any(u => u.Approach == JunctionLayout.Approaches[arm])
        ? new([.. settings.Troubles.Upstream.Where(u => u.Approach == JunctionLayout.Approaches[arm])], settings.Seed, arm) : null;

    private readonly OtherTraffic[] _other = [.. settings.Troubles.Traffic.Where(t => t.Approach == JunctionLayout.Approaches[arm])];
    private readonly PriorityQueue<Arrival, double> _held = new();
    private double _next = double.PositiveInfinity;

    public long Count { get; private set; }

    public int Waiting => _waiting.Sum(w => w.Count);

    public delegate void Appear(VehicleModel model, Paint paint, LanePath path, double desiredSpeed, double toLeft, double speed);

    public void StartAt(double seconds)
    {
        if (demand.Steps.Count > 0) _next = After(seconds);
        else if (demand.VehiclesPerHour > 0) _next = seconds + _times.Exponential(3600 / demand.VehiclesPerHour);
    }

    /// <summary>Draws who has come by now and lets appear who finds room in a lane.</summary>
    public void Admit(double seconds, List<SimulatedVehicle>[] lanes, Appear appear)
    {
        while (_next <= seconds)
        {
            var arrival = Draw(_next);
            if (_upstream is null) Await(arrival);
            else _held.Enqueue(arrival, _upstream.Release(_next));
            _next = demand.Steps.Count > 0 ? After(_next) : _next + _times.Exponential(3600 / demand.VehiclesPerHour);
        }

        while (_held.TryPeek(out var comes, out var at) && at <= seconds)
        {
            Await(comes);
            _held.Dequeue();
        }

        foreach (var waiting in _waiting)
        {
            if (!waiting.TryPeek(out var first)) continue;
            var speed = SpeedOfAppearance(first, lanes[LaneOf(first.Path)]);
            if (speed < 0) continue;
            appear(first.Model, first.Paint, first.Path, first.DesiredSpeed, first.ToLeft, speed);
            waiting.Dequeue();
        }
    }

    private int LaneOf(LanePath path) => changes?.LaneOfAppearance(path) ?? path.ApproachLane;

    private void Await(Arrival arrival)
    {
        _waiting[LaneOf(arrival.Path) & 1].Enqueue(arrival);
        Count++;
    }

    private static double SpeedOfAppearance(Arrival arrival, List<SimulatedVehicle> lane)
    {
        if (lane.Count == 0) return arrival.DesiredSpeed;
        var gap = lane[^1].Rear + JunctionLayout.ArmLength;
        if (gap < CarFollowing.StandstillGap + 1) return -1;
        return Math.Min(arrival.DesiredSpeed, Math.Max(0, (gap - CarFollowing.StandstillGap) / (arrival.Model.TimeGap + 0.6)));
    }

    /// <summary>The next arrival of a stream whose rate changes in steps: one vehicle is expected for each unit drawn.</summary>
    private double After(double seconds)
    {
        var left = _times.Exponential(1);
        for (var i = -1; i < demand.Steps.Count; i++)
        {
            var ends = i + 1 < demand.Steps.Count ? demand.Steps[i + 1].FromSeconds : double.PositiveInfinity;
            if (ends <= seconds) continue;
            var perSecond = (i < 0 ? demand.VehiclesPerHour : demand.Steps[i].VehiclesPerHour) / 3600;
            if (perSecond > 0 && seconds + (left / perSecond) < ends) return seconds + (left / perSecond);
            left -= perSecond * (ends - seconds);
            seconds = ends;
        }

        return double.PositiveInfinity;
    }

    private Arrival Draw(double seconds)
    {
        var other = Array.Find(_other, o => o.Span.Contains(seconds));
        var model = Laden(Fleet.Draw(other?.Mix ?? settings.Mix, _kinds), other);
        var (left, right) = (other?.LeftShare ?? demand.LeftShare, other?.RightShare ?? demand.RightShare);
        var turn = (Turn)_kinds.Pick([left, Math.Max(0, 1 - left - right), right]);
        var speed = settings.DesiredSpeedKmh / 3.6 * _kinds.Between(0.88, 1.12);
        if (model.Class is VehicleClass.HeavyGoods or VehicleClass.Bus) speed *= 0.92;
        var toLeft = (model.Class, turn) switch
        {
            // Riders keep to the left part of the lane; drivers of long vehicles leave room between the lanes for their tail's swing.
            (VehicleClass.Motorcycle, _) => _kinds.Between(0.1, 0.6),
            (VehicleClass.HeavyGoods or VehicleClass.Bus, Turn.Right) => _kinds.Between(-0.15, -0.05),
            (VehicleClass.HeavyGoods or VehicleClass.Bus, _) => _kinds.Between(0.1, 0.2),
            _ => _kinds.Between(-0.18, 0.18),
        };
        return new Arrival(model, Fleet.DrawPaint(model, _kinds), LanePath.Of(arm, turn), speed, toLeft);
    }

    private static VehicleModel Laden(VehicleModel model, OtherTraffic? other) => other is { HeavyAcceleration: < 1 } && model.Class is (VehicleClass.HeavyGoods or VehicleClass.Bus)
        ? model with { Acceleration = model.Acceleration * other.HeavyAcceleration, TimeGap = model.TimeGap / Math.Sqrt(other.HeavyAcceleration) }
        : model;

    private readonly record struct Arrival(VehicleModel Model, Paint Paint, LanePath Path, double DesiredSpeed, double ToLeft);
}
