using TrafficFlow.Simulation.Troubles;

namespace TrafficFlow.Simulation.Vehicles;

/// <summary>Exits behind which a signal lets go too little: who leaves by one stops where its queue begins, and whoever sees no room beyond the junction waits before it.</summary>
internal sealed class DownstreamQueues(IReadOnlyList<DownstreamSignal> signals)
{
    // Harder than this nobody brakes for a signal that has just closed: they go through on amber.
    private const double Braking = 3;

    /// <summary>Metres to where the first of the queue stands; null where nothing holds.</summary>
    public double? ToEnd(SimulatedVehicle me, double seconds)
    {
        foreach (var signal in signals)
        {
            if (JunctionLayout.IndexOf(signal.Exit) != me.Path.ExitArm || !signal.Span.Contains(seconds)) continue;
            if ((seconds - signal.Span.FromSeconds) % signal.CycleSeconds < signal.OpenSeconds) continue;
            // Who has come a little too far stands there as well.
            var left = signal.AtMetres + 1 - me.E;
            if (left > 0 && me.Speed * me.Speed <= 2 * Braking * left) return left - 1 + CarFollowing.StandstillGap;
        }

        return null;
    }

    /// <summary>There is no room beyond the junction, and it is one of those who mind.</summary>
    public bool KeepsClear(SimulatedVehicle me, List<SimulatedVehicle> leaving, double seconds)
    {
        foreach (var signal in signals)
        {
            if (JunctionLayout.IndexOf(signal.Exit) != me.Path.ExitArm || !signal.Span.Contains(seconds)) continue;
            if (new Pcg32((ulong)me.Id, 900).Uniform() < signal.EnterAnyway) return false;
            // Up to the last who stands there; and those who are still on their way need some of it.
            var (room, taken) = (signal.AtMetres, 0.0);
            foreach (var other in leaving)
            {
                if (other.E < signal.AtMetres && other.Speed < 3) room = Math.Min(room, other.E - other.Model.Length);
            }

            foreach (var other in leaving)
            {
                if (other.E - other.Model.Length < room - 0.1 && other.Speed >= 3) taken += other.Model.Length + CarFollowing.StandstillGap;
            }

            var isHeld = (seconds - signal.Span.FromSeconds) % signal.CycleSeconds >= signal.OpenSeconds;
            return (isHeld || room < signal.AtMetres) && room - taken < me.Model.Length + CarFollowing.StandstillGap;
        }

        return false;
    }
}
