using TrafficFlow.Core.Signals;

namespace TrafficFlow.Simulation;

/// <summary>What the lamps of the simulated junction show at a time in seconds since zero of the simulation, before which it may lie.</summary>
internal interface IJunctionSignals
{
    ApproachSignal At(int arm, double seconds);

    /// <summary>What a turn is shown from one change to the next, whole, as far as it overlaps [from, to).</summary>
    IEnumerable<(SignalColour Colour, double From, double To)> Changes(int arm, Turn turn, double from, double to);

    /// <summary>Seconds for which people on foot may still begin to cross an arm.</summary>
    double WalkLeft(int arm, double seconds);

    /// <summary>Seconds until any vehicles of an arm get green; zero while some have it.</summary>
    double SecondsToGreen(int arm, double seconds);

    /// <summary>For how long a turn has had green; zero when it has not.</summary>
    double GreenSince(int arm, Turn turn, double seconds);
}
