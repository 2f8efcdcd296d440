namespace TrafficFlow.Node;

/// <summary>What every verb's exit code means; scripts and service managers rely on it.</summary>
public static class ExitCodes
{
    /// <summary>The whole job was done.</summary>
    public const int Done = 0;

    /// <summary>The job was begun and failed: a source died, a file is damaged, a server does not answer.</summary>
    public const int Failed = 1;

    /// <summary>Nothing was begun: the command line or the settings are wrong. Trying again without a change is of no use.</summary>
    public const int BadUsage = 2;

    /// <summary>`count` went through to the end of a video that is damaged on the way: the results are written, and summary.json says which seconds are in doubt.</summary>
    public const int Doubtful = 3;
}
