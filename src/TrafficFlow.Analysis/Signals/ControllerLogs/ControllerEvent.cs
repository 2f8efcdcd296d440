namespace TrafficFlow.Analysis.Signals.ControllerLogs;

/// <summary>
/// Codes of high-resolution controller logs that are used here (Sturdevant and others, Indiana Traffic Signal Hi Resolution Data Logger Enumerations, Purdue University 2012, and
/// its successor of 2019). All others are kept and not interpreted.
/// </summary>
public static class EventCode
{
    public const int PhaseBeginGreen = 1;
    public const int PhaseGreenTermination = 7;
    public const int PhaseBeginYellowClearance = 8;
    public const int PhaseEndYellowClearance = 9;
    public const int PhaseBeginRedClearance = 10;
    public const int PhaseEndRedClearance = 11;
    public const int PedestrianBeginWalk = 21;
    public const int PedestrianBeginClearance = 22;
    public const int PedestrianBeginSolidDontWalk = 23;
    public const int DetectorOff = 81;
    public const int DetectorOn = 82;
    public const int CoordPatternChange = 131;
    public const int CycleLengthChange = 132;
    public const int OffsetLengthChange = 133;
}

/// <summary>One line of a controller's log.</summary>
/// <param name="Parameter">Number of the phase or detector, or a value, as the code says.</param>
public readonly record struct ControllerEvent(DateTimeOffset Time, int Code, int Parameter);
