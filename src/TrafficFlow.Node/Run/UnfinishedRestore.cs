namespace TrafficFlow.Node.Run;

/// <summary>Says that a data folder is being filled from a backup, or that this was broken off: no node may start in it.</summary>
internal static class UnfinishedRestore
{
    private const string Name = "restore.unfinished";

    public static string In(string folder) => Path.Combine(folder, Name);

    /// <exception cref="JobFailedException">The folder holds a part of a backup.</exception>
    public static void Refuse(string folder)
    {
        if (File.Exists(In(folder)))
            throw new JobFailedException($"{folder} holds a part of a backup ({Name} is there): wait for trafficflow restore, or where it was broken off, empty the folder and restore again");
    }
}
