namespace TrafficFlow.Core.Scene.Visibility;

/// <summary>Evidence over time: a fault is raised after so many seconds of it and ends after so many without.</summary>
internal sealed class Alarm(double raiseSeconds, double clearSeconds)
{
    private double _level;

    public bool IsRaised { get; private set; }

    public void Weigh(bool evidence, double seconds)
    {
        _level = Math.Clamp(_level + (evidence ? seconds / raiseSeconds : -seconds / clearSeconds), 0, 1);
        if (_level >= 0.999) IsRaised = true;
        else if (_level <= 0) IsRaised = false;
    }

    public void Reset() => (_level, IsRaised) = (0, false);
}
