using TrafficFlow.Core.Signals;
using TrafficFlow.Core.Sites;
using TrafficFlow.Simulation.People;
using TrafficFlow.Simulation.Troubles;
using TrafficFlow.Simulation.Vehicles;

namespace TrafficFlow.Simulation;

/// <summary>
/// Traffic on a signalled four-arm junction in fixed steps. The same settings give the same traffic to the last bit, and no clock is
/// read. Not thread-safe.
/// </summary>
public sealed class JunctionSimulation
{
    public static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    private const double StepSeconds = 0.05;

    // A follower with another path no longer minds a leader whose rear is so far over the stop line.
    private const double DivergedAfter = 9;

    // A right turn from standing needs so long until its rear has left the opposite lanes.
    private const double GapSeconds = 6;

    private readonly IJunctionSignals _signals;
    private readonly Arrivals[] _arrivals;
    private readonly List<SimulatedVehicle> _vehicles = [];
    private readonly List<SimulatedVehicle>[] _approachLanes = [.. Enumerable.Range(0, 8).Select(_ => new List<SimulatedVehicle>())];
    private readonly List<SimulatedVehicle>[] _exitLanes = [.. Enumerable.Range(0, 8).Select(_ => new List<SimulatedVehicle>())];
    private readonly ParkedVehicles _parked;
    private readonly Pedestrians _pedestrians;
    private readonly Cyclists _cyclists;
    private readonly Deliveries _deliveries;
    private readonly LaneChanges? _changes;
    private readonly DownstreamQueues? _downstream;
    private readonly BrokenDown _brokenDown;
    private readonly List<VehicleView> _views = [];
    private readonly List<PersonView> _people = [];
    private readonly List<CyclistView> _cyclistViews = [];
    private readonly bool[] _occupied = new bool[12];
    private RoadConditions _road = RoadConditions.Dry;
    private long _step;
    private long _viewedStep = long.MinValue;
    private long _peopleViewedStep = long.MinValue;
    private long _cyclistsViewedStep = long.MinValue;
    private long _nextId = 1;

    public JunctionSimulation(JunctionSettings settings)
    {
        Settings = settings.Validated();
        _signals = settings.CreateSignals();
        if (settings.Troubles is { TurnLanes.Count: > 0 } or { Standing.Count: > 0 }) _changes = new LaneChanges(settings.Troubles, _approachLanes);
        if (settings.Troubles.Downstream.Count > 0) _downstream = new DownstreamQueues(settings.Troubles.Downstream);
        _arrivals = [.. JunctionLayout.Approaches.Select((approach, arm) => new Arrivals(settings, arm, settings.Demand(approach), _changes))];
        _step = -(long)Math.Ceiling(settings.WarmUpSeconds / StepSeconds);
        foreach (var arrivals in _arrivals) arrivals.StartAt(_step * StepSeconds);
        _parked = new ParkedVehicles(settings);
        _pedestrians = new Pedestrians(settings, _signals, _parked, _step * StepSeconds);
        _cyclists = new Cyclists(settings, _parked, _step * StepSeconds);
        _deliveries = new Deliveries(settings, _step * StepSeconds);
        _brokenDown = new BrokenDown(settings);
        while (_step < 0) Advance();
    }

    public JunctionSettings Settings { get; }

    /// <summary>Simulated time; zero when the warm-up has ended.</summary>
    public TimeSpan Now => Step * _step;

    public JunctionTruth Truth { get; } = new();

    /// <summary>Vehicles that have arrived since the warm-up began, those included that still wait for room to appear.</summary>
    public long Arrived => _arrivals.Sum(a => a.Count);

    /// <summary>Vehicles that wait beyond the end of the simulated road because it is full.</summary>
    public int Waiting => _arrivals.Sum(a => a.Waiting);

    /// <summary>Vehicles that have driven out of the simulated area since the warm-up began.</summary>
    public long Gone { get; private set; }

    /// <summary>Every vehicle in the simulated area now. The list is reused: read it before the next step.</summary>
    public IReadOnlyList<VehicleView> Vehicles
    {
        get
        {
            if (_viewedStep == _step) return _views;
            _views.Clear();
            foreach (var vehicle in _vehicles) _views.Add(vehicle.View());
            _viewedStep = _step;
            return _views;
        }
    }

    /// <summary>Everybody on foot now. The list is reused: read it before the next step.</summary>
    public IReadOnlyList<PersonView> People
    {
        get
        {
            if (_peopleViewedStep == _step) return _people;
            _people.Clear();
            _pedestrians.ViewInto(_people);
            _peopleViewedStep = _step;
            return _people;
        }
    }

    /// <summary>Everybody on a bicycle now. The list is reused: read it before the next step.</summary>
    public IReadOnlyList<CyclistView> Cyclists
    {
        get
        {
            if (_cyclistsViewedStep == _step) return _cyclistViews;
            _cyclistViews.Clear();
            _cyclists.ViewInto(_cyclistViews);
            _cyclistsViewedStep = _step;
            return _cyclistViews;
        }
    }

    /// <summary>Vehicles that stand parked all the time; none of them is traffic. Their ids are negative.</summary>
    public IReadOnlyList<VehicleView> Parked => _parked.Views;

    /// <summary>Id of the vehicle that each of the breakdowns has met, in their order; null while there was none.</summary>
    public IReadOnlyList<long?> BrokenDown => _brokenDown.Vehicles;

    public ApproachSignal SignalOf(ApproachId approach) => _signals.At(JunctionLayout.IndexOf(approach), _step * StepSeconds);

    /// <summary>Vehicles that stand or crawl (below 2 m/s) before the stop line of an approach, both lanes together.</summary>
    public int QueueOn(ApproachId approach)
    {
        var arm = JunctionLayout.IndexOf(approach);
        return _vehicles.Count(v => v.Path.Arm == arm && v.S <= 0 && v.Speed < 2);
    }

    /// <summary>Steps on until <see cref="Now"/> is not before <paramref name="time"/>. Never goes back.</summary>
    public void AdvanceTo(TimeSpan time)
    {
        while (Now < time) Advance();
    }

    /// <summary>One step of <see cref="Step"/>.</summary>
    public void Advance()
    {
        var seconds = _step * StepSeconds;
        if (Settings.Troubles.Weather.Count > 0) _road = RoadConditions.At(Settings.Troubles.Weather, seconds);
        foreach (var arrivals in _arrivals) arrivals.Admit(seconds, _approachLanes, Appear);
        _cyclists.Appear(seconds);
        _pedestrians.Advance(seconds, StepSeconds, _vehicles, _cyclists.Riders);
        NoteOccupiedConnectors();
        _brokenDown.Choose(seconds, _vehicles);
        foreach (var vehicle in _vehicles) vehicle.Acceleration = ChooseAcceleration(vehicle, seconds);
        foreach (var rider in _cyclists.Riders) rider.Acceleration = ChooseAsCyclist(rider, seconds);
        foreach (var vehicle in _vehicles) Move(vehicle, seconds);
        _changes?.Change();
        _cyclists.Advance(StepSeconds);
        foreach (var lane in _approachLanes) lane.RemoveAll(v => v.Rear > 25);
        foreach (var lane in _exitLanes) lane.RemoveAll(v => v.E > JunctionLayout.ArmLength);
        Gone += _vehicles.RemoveAll(v => v.E > JunctionLayout.ArmLength);
        _step++;
    }

    private void Appear(VehicleModel model, Paint paint, LanePath path, double desiredSpeed, double toLeft, double speed)
    {
        // Beside cyclists nobody drives at the kerb lane's very edge, least of all those whose tails swing out.
        if (Settings.Street.CyclistsPerHour > 0) toLeft = Math.Min(toLeft, model.Width > 2 ? -0.2 : 0.1);
        var parked = _parked.Views.Count > 0 ? _parked : null;
        var vehicle = new SimulatedVehicle(_nextId++, model, paint, path, desiredSpeed, toLeft, parked) { Speed = speed };
        _deliveries.Consider(vehicle, _step * StepSeconds);
        if (_changes is not null)
        {
            _changes.Consider(vehicle, _step * StepSeconds);
            vehicle.AppearIn(_changes.LaneOfAppearance(path));
        }

        _vehicles.Add(vehicle);
        _approachLanes[vehicle.Lane].Add(vehicle);
    }

    private void NoteOccupiedConnectors()
    {
        Array.Clear(_occupied);
        foreach (var vehicle in _vehicles)
        {
            if (vehicle.IsOnConnector) _occupied[(vehicle.Path.Arm * 3) + (int)vehicle.Path.Turn] = true;
        }
    }

    private double ChooseAcceleration(SimulatedVehicle me, double seconds)
    {
        var model = me.Model;
        var (acceleration, timeGap) = (model.Acceleration * _road.Acceleration, model.TimeGap * _road.Headway);
        var free = CarFollowing.Free(me.Speed, me.SpeedWishedHere() * _road.Speed, acceleration);
        var strongest = 0.0;
        if (me.S <= 0 && MustStop(me, seconds)) Mind(0.9 - me.S, 0);
        if (LeaderInLane(me) is { } ahead) Mind(ahead.Rear - me.S, ahead.Speed);
        if (_changes?.LastInTurnLane(me) is { } last) Mind(last.Rear - me.S, last.Speed);
        if (_downstream?.ToEnd(me, seconds) is { } toEnd) Mind(toEnd, 0);
        if (me.S > 0 && LeaderToExit(me) is { } leaving) Mind(leaving.E - leaving.Model.Length - me.E, leaving.Speed);
        if (PersonAhead(me) is { } toPerson) Mind(toPerson + 0.9, 0);
        if (_cyclists.Ahead(me, out var cyclistSpeed) is { } toCyclist) Mind(toCyclist, cyclistSpeed);
        if (me.StandsSeconds > 0 && Deliveries.ToStop(me, StepSeconds) is { } toStop) Mind(toStop, 0);
        return free + strongest;

        void Mind(double gap, double speed) =>
            strongest = Math.Min(strongest, CarFollowing.Interaction(me.Speed, gap, speed, acceleration, timeGap));
    }

    private double ChooseAsCyclist(SimulatedVehicle me, double seconds)
    {
        var strongest = 0.0;
        if (me.S <= 0 && MustStop(me, seconds)) Mind(0.9 - me.S, 0);
        if (PersonAhead(me) is { } toPerson) Mind(toPerson + 0.9, 0);
        _cyclists.MindOthers(me, _vehicles, Mind);
        return CarFollowing.Free(me.Speed, me.SpeedWishedHere(), me.Model.Acceleration) + strongest;

        void Mind(double gap, double speed) =>
            strongest = Math.Min(strongest, CarFollowing.Interaction(me.Speed, gap, speed, me.Model.Acceleration, me.Model.TimeGap));
    }

    /// <summary>Metres to the place where a vehicle lets people pass; null when nobody is on its way, or it is too late to brake.</summary>
    private double? PersonAhead(SimulatedVehicle me)
    {
        var left = me.S <= 0 ? -me.S : -Pedestrians.WaitsBeforeExit - me.E;
        var isTaken = me.S <= 0 ? _pedestrians.IsTaken(me.Path.Arm, false) : left > -0.3 && _pedestrians.IsTaken(me.Path.ExitArm, true);
        return isTaken && me.Speed * me.Speed <= 2 * 6.0 * (left + 0.3) ? left : null;
    }

    private bool MustStop(SimulatedVehicle me, double seconds)
    {
        var colour = _signals.At(me.Path.Arm, seconds).For(me.Path.Turn);
        var needed = me.Speed * me.Speed / (2 * Math.Max(-me.S - 0.2, 0.01));
        return colour switch
        {
            SignalColour.Red => true,
            SignalColour.Amber => needed <= 3.0,
            _ => Conflicts.With(me.Path, _occupied) || IsStarting(me, seconds) || MustGiveWay(me, seconds) || (_downstream?.KeepsClear(me, _exitLanes[me.Path.ExitLane], seconds) ?? false),
        };
    }

    /// <summary>It stands and its driver has not yet reacted to the green.</summary>
    private bool IsStarting(SimulatedVehicle me, double seconds) =>
        Settings.StartUpSeconds > 0 && me.Speed < 0.3
        && _signals.GreenSince(me.Path.Arm, me.Path.Turn, seconds) < Settings.StartUpSeconds * new Pcg32((ulong)me.Id, 700).Between(0.5, 1.5);

    /// <summary>A right turn beside the green of the opposite arm: somebody comes from there before it would be over.</summary>
    private bool MustGiveWay(SimulatedVehicle me, double seconds)
    {
        if (Settings.Programme is null || me.Path.Turn != Turn.Right) return false;
        var opposite = (me.Path.Arm + 2) & 3;
        if (_signals.At(opposite, seconds).Ahead == SignalColour.Red) return false;
        foreach (var other in _approachLanes[opposite * 2])
        {
            if (_changes is not null && ((other.StandsSeconds > 0 && other.Speed < 0.3) || other.Path.Turn == Turn.Right)) continue;
            if (other.S <= 0 && -other.S < GapSeconds * Math.Max(other.Speed, 3)) return true;
        }

        return false;
    }

    private SimulatedVehicle? LeaderInLane(SimulatedVehicle me)
    {
        var lane = _approachLanes[me.Lane];
        for (var i = lane.IndexOf(me) - 1; i >= 0; i--)
        {
            if (lane[i].Path == me.Path || lane[i].Rear < DivergedAfter) return lane[i];
        }

        return null;
    }

    private SimulatedVehicle? LeaderToExit(SimulatedVehicle me)
    {
        SimulatedVehicle? nearest = null;
        foreach (var other in _exitLanes[me.Path.ExitLane])
        {
            if (other == me) continue;
            if (other.E < me.E || (other.E == me.E && other.Id > me.Id)) continue;
            if (nearest is null || other.E < nearest.E) nearest = other;
        }

        return nearest;
    }

    private void Move(SimulatedVehicle vehicle, double seconds)
    {
        var before = vehicle.S;
        var speedBefore = vehicle.Speed;
        vehicle.Speed = Math.Max(0, speedBefore + (vehicle.Acceleration * StepSeconds));
        vehicle.S = before + (0.5 * (speedBefore + vehicle.Speed) * StepSeconds);
        if (before <= 0 && vehicle.S > 0) Enter(vehicle, seconds + Fraction(0));
        if (before <= vehicle.Path.ConnectorLength && vehicle.E > 0) Leave(vehicle, seconds + Fraction(vehicle.Path.ConnectorLength));

        double Fraction(double line) => StepSeconds * (line - before) / (vehicle.S - before);
    }

    private void Enter(SimulatedVehicle vehicle, double seconds)
    {
        _exitLanes[vehicle.Path.ExitLane].Add(vehicle);
        vehicle.EnteredAtSeconds = seconds;
        vehicle.EnterSpeed = vehicle.Speed;
        if (seconds < 0) return;
        Truth.Add(new StopLinePassage(
            vehicle.Id, vehicle.Model.Class, JunctionLayout.Approaches[vehicle.Path.Arm], JunctionLayout.Approaches[vehicle.Path.ExitArm],
            TimeSpan.FromSeconds(seconds), vehicle.Speed * 3.6));
    }

    private void Leave(SimulatedVehicle vehicle, double seconds)
    {
        if (seconds < 0) return;
        Truth.Add(new VehicleJourney(
            vehicle.Id, vehicle.Model.Class, JunctionLayout.Approaches[vehicle.Path.Arm], JunctionLayout.Approaches[vehicle.Path.ExitArm],
            TimeSpan.FromSeconds(vehicle.EnteredAtSeconds), TimeSpan.FromSeconds(seconds), vehicle.EnterSpeed * 3.6, vehicle.Speed * 3.6));
    }
}
