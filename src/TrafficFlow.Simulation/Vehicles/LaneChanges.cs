using TrafficFlow.Simulation.Troubles;

namespace TrafficFlow.Simulation.Vehicles;

/// <summary>How vehicles come from the kerb lane into a turn lane that begins late, and past one that stands in their lane.</summary>
internal sealed class LaneChanges
{
    // From the rear of one that stands, metres: from here on its followers look for a gap beside it.
    private const double LooksFrom = 22;

    private readonly List<SimulatedVehicle>[] _lanes;
    private readonly double[] _turnLane;
    private readonly List<StandingVehicle> _due;
    private readonly HashSet<long> _across = [];

    /// <param name="lanes">Of all arms, who is in front first.</param>
    public LaneChanges(JunctionTroubles troubles, List<SimulatedVehicle>[] lanes)
    {
        _lanes = lanes;
        _turnLane = [.. JunctionLayout.Approaches.Select(a => troubles.TurnLanes.FirstOrDefault(l => l.Approach == a)?.Metres ?? double.PositiveInfinity)];
        _due = [.. troubles.Standing.OrderBy(s => s.AtSeconds)];
    }

    /// <summary>In which lane of its arm somebody appears.</summary>
    public int LaneOfAppearance(LanePath path) => _turnLane[path.Arm] < JunctionLayout.ArmLength ? path.Arm * 2 : path.ApproachLane;

    /// <summary>One that has just appeared may be the next that stops and stays.</summary>
    public void Consider(SimulatedVehicle vehicle, double seconds)
    {
        if (vehicle.StandsSeconds > 0 || vehicle.Model.Length < 3) return;
        var next = _due.FindIndex(s => s.AtSeconds <= seconds && JunctionLayout.IndexOf(s.Approach) == vehicle.Path.Arm && s.InTurnLane == (vehicle.Path.Turn == Turn.Right));
        if (next < 0) return;
        (vehicle.StopsAt, vehicle.StandsSeconds) = (-_due[next].Metres, _due[next].Seconds);
        if (_due[next].IsAcross) _across.Add(vehicle.Id);
        _due.RemoveAt(next);
    }

    /// <summary>Who wants into a turn lane minds the last one in it.</summary>
    public SimulatedVehicle? LastInTurnLane(SimulatedVehicle me)
    {
        if (!WaitsForTurnLane(me)) return null;
        var inner = _lanes[(me.Path.Arm * 2) + 1];
        for (var i = inner.Count - 1; i >= 0; i--)
        {
            if (inner[i].Rear > me.S - me.Model.Length) return inner[i];
        }

        return null;
    }

    /// <summary>Who may change lanes now does.</summary>
    public void Change()
    {
        for (var arm = 0; arm < 4; arm++)
        {
            EnterTurnLane(arm);
            Pass(arm * 2, (arm * 2) + 1);
            Pass((arm * 2) + 1, arm * 2);
        }
    }

    private bool WaitsForTurnLane(SimulatedVehicle me) => me.Path.Turn == Turn.Right && me.Lane != me.Path.ApproachLane && me.S <= 0;

    private void EnterTurnLane(int arm)
    {
        if (_turnLane[arm] >= JunctionLayout.ArmLength) return;
        var kerb = _lanes[arm * 2];
        for (var i = 0; i < kerb.Count; i++)
        {
            var me = kerb[i];
            if (!WaitsForTurnLane(me) || me.S < -_turnLane[arm] || LastInTurnLane(me) is { } last && last.Rear < me.S + 0.5) continue;
            Move(me, (arm * 2) + 1);
            i--;
        }
    }

    /// <summary>Those who stand behind one that stays go past it by the lane beside, one at a time, and back into their own where there is room before the stop line.</summary>
    private void Pass(int from, int beside)
    {
        var lane = _lanes[from];
        for (var i = 0; i < lane.Count; i++)
        {
            var stands = lane[i];
            if (stands.StandsSeconds <= 0 || stands.Speed > 0.3 || stands.StopsAt - stands.S > 2.5) continue;
            Return(stands, beside, from);
            if (i + 1 >= lane.Count || _across.Contains(stands.Id)) return;
            var me = lane[i + 1];
            var opens = -_turnLane[me.Path.Arm];
            if (me.S > 0 || me.S < stands.Rear - LooksFrom || me.S < opens || me.StandsSeconds > 0) return;
            if (HasGap(me, beside)) Move(me, beside);
            return;
        }
    }

    private void Return(SimulatedVehicle stands, int beside, int home)
    {
        foreach (var me in _lanes[beside].Where(v => v.Lane != v.Path.ApproachLane && v.Path.ApproachLane == home).ToList())
        {
            if (me.Rear > stands.S + 1 && me.S < -4 && HasGap(me, home)) Move(me, home);
        }
    }

    private bool HasGap(SimulatedVehicle me, int lane)
    {
        foreach (var other in _lanes[lane])
        {
            if (other.S >= me.S)
            {
                if (other.Rear < me.S + 1.5 + (0.5 * Math.Max(0, me.Speed - other.Speed))) return false;
            }
            else
            {
                return other.S < me.Rear - 1.5 - (0.9 * other.Speed);
            }
        }

        return true;
    }

    private void Move(SimulatedVehicle me, int to)
    {
        _lanes[me.Lane].Remove(me);
        var at = _lanes[to].FindIndex(v => v.S < me.S);
        if (at < 0) at = _lanes[to].Count;
        _lanes[to].Insert(at, me);
        me.ChangeTo(to);
    }
}
