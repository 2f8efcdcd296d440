using TrafficFlow.Core.Signals;
using TrafficFlow.Simulation.Troubles;
using TrafficFlow.Simulation.Vehicles;

namespace TrafficFlow.Simulation.People;

/// <summary>
/// Everybody on foot: who comes, where they go, and when they may cross. They go with the street beside them while its signal is green, or
/// while no vehicle comes; vehicles let pass who is on a crossing (<see cref="IsTaken"/>).
/// </summary>
internal sealed class Pedestrians
{
    /// <summary>From the front of a vehicle to the exit line where it waits before the crossing of the arm by which it leaves.</summary>
    public const double WaitsBeforeExit = JunctionLayout.StopLine - JunctionLayout.CrosswalkNear + 0.8;

    private const double HardBraking = 3.0;

    private readonly StreetSettings _street;
    private readonly IReadOnlyList<PeopleStep> _steps;
    private readonly IJunctionSignals _signals;
    private readonly ParkedVehicles _parked;
    private readonly Pcg32 _times;
    private readonly Pcg32 _kinds;
    private readonly List<WalkingParty> _parties = [];
    private readonly bool[] _taken = new bool[8];
    private double _next = double.PositiveInfinity;
    private long _nextId = 1;

    public Pedestrians(JunctionSettings settings, IJunctionSignals signals, ParkedVehicles parked, double startsAt)
    {
        (_street, _signals, _parked, _steps) = (settings.Street, signals, parked, settings.Troubles.People);
        (_times, _kinds) = (new Pcg32((ulong)(uint)settings.Seed, 300), new Pcg32((ulong)(uint)settings.Seed, 301));
        if (_street.PedestriansPerHour > 0) _next = startsAt + Wait(1, startsAt);
    }

    /// <summary>True while somebody walks over the half of an arm's crossing: entering lanes, or leaving lanes.</summary>
    public bool IsTaken(int arm, bool leaving) => _taken[(2 * arm) + (leaving ? 1 : 0)];

    public void Advance(double seconds, double step, IReadOnlyList<SimulatedVehicle> vehicles, IReadOnlyList<SimulatedVehicle> cyclists)
    {
        while (_next <= seconds)
        {
            var party = Draw();
            _parties.Add(party);
            _next += Wait(party.Members.Count, _next);
        }

        if (_parties.Count == 0) return;
        Walk(seconds, step, vehicles, cyclists);
        _parties.RemoveAll(p => p.HasArrived);
        NoteTakenCrossings();
    }

    private void Walk(double seconds, double step, IReadOnlyList<SimulatedVehicle> vehicles, IReadOnlyList<SimulatedVehicle> cyclists)
    {
        foreach (var party in _parties) party.Advance(step, (p, arm, takes) => MayCross(p, arm, takes, seconds, vehicles) && MayCross(p, arm, takes, seconds, cyclists));
    }

    public void ViewInto(List<PersonView> views)
    {
        foreach (var party in _parties) views.AddRange(party.Views());
    }

    private void NoteTakenCrossings()
    {
        Array.Clear(_taken);
        foreach (var party in _parties)
        {
            var arm = party.OnCrossing;
            if (arm < 0) continue;
            var (a, goal) = (JunctionLayout.ToArm(arm, party.Place.X, party.Place.Y).X, JunctionLayout.ToArm(arm, party.Goal.X, party.Goal.Y).X);
            // A half is taken from a little before they come until all of them have left it.
            if (goal > 0 ? a > -5 : a > -2) _taken[2 * arm] = true;
            if (goal > 0 ? a < 2 : a < 5) _taken[(2 * arm) + 1] = true;
        }
    }

    private bool MayCross(WalkingParty party, int arm, double takes, double seconds, IReadOnlyList<SimulatedVehicle> vehicles)
    {
        var beside = _signals.WalkLeft(arm, seconds);
        // Those who began in time may finish while the others' right turns have not begun.
        if (beside > 0 && beside + 4 >= takes) return vehicles.All(v => LetsPass(v, arm, 0));
        if (!party.CrossesOnRed || _signals.At(arm, seconds) is not { Ahead: SignalColour.Red, Right: SignalColour.Red }) return false;
        return _signals.SecondsToGreen(arm, seconds) > takes + 2 && vehicles.All(v => LetsPass(v, arm, takes + 2));
    }

    /// <summary>True when a vehicle is past the crossing, can still stop before it, or does not come within some seconds.</summary>
    private static bool LetsPass(SimulatedVehicle v, int arm, double within)
    {
        if (v.Path.Arm == arm && v.S > -40 && v.Rear < JunctionLayout.StopLine - JunctionLayout.CrosswalkNear + 0.5)
            return v.S <= 0 && CanStop(v, -v.S);
        if (v.Path.ExitArm != arm || v.E - v.Model.Length > -(JunctionLayout.StopLine - JunctionLayout.CrosswalkFar) + 0.3) return true;
        var left = -WaitsBeforeExit - v.E;
        if (within > 0) return left / Math.Max(v.Speed, 9) > within;
        return left >= 0 && CanStop(v, left);

        static bool CanStop(SimulatedVehicle v, double metres) => v.Speed * v.Speed <= 2 * HardBraking * (metres + 0.3);
    }

    private double Wait(int people, double seconds)
    {
        var perHour = _street.PedestriansPerHour;
        foreach (var step in _steps)
        {
            if (step.FromSeconds <= seconds) perHour = step.PerHour;
        }

        return people * _times.Exponential(3600 / perHour);
    }

    private WalkingParty Draw()
    {
        var size = _kinds.Uniform() < _street.InCompany * 0.6 ? 2 + _kinds.Pick([0.62, 0.22, 0.06, 0.04, 0.06]) : 1;
        var isClass = size == 6;
        var hasChild = isClass || (size > 1 && _kinds.Uniform() < 0.3);
        var members = new List<PartyMember>();
        for (var i = 0; i < size; i++)
        {
            var isChild = hasChild && (isClass ? i > 0 : i == 1);
            var look = Wardrobe.Draw(isChild ? PersonBuild.Child : _kinds.Uniform() < 0.5 ? PersonBuild.Man : PersonBuild.Woman, _kinds);
            var (row, isLeft) = (i / 2, (i & 1) == 0);
            var left = size == 1 ? 0 : (isLeft ? 0.34 : -0.34) + _kinds.Between(-0.08, 0.08);
            members.Add(new PartyMember(_nextId++, look, (0.85 * row) + _kinds.Between(-0.15, 0.15), left, _kinds.Uniform(), _kinds.Between(-0.9, 0.9)));
        }

        var pace = _kinds.Between(1.05, 1.55) * (hasChild ? 0.85 : 1);
        return new WalkingParty(members, WalkRoute.Draw(_kinds, _parked), pace, _kinds.Uniform() < _street.CrossOnRed);
    }
}
