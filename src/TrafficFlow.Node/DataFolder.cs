namespace TrafficFlow.Node;

/// <summary>The folder in which a node keeps its journals: for the account of the node only.</summary>
internal static class DataFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes it where there is none; one that is there keeps its access rights.</summary>
    /// <exception cref="JobFailedException">It cannot be made.</exception>
    public static void Create(string folder)
    {
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
            else Directory.CreateDirectory(folder, OwnerOnly);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JobFailedException(
                $"the data folder {folder} cannot be made ({e.Message}): give the account that runs trafficflow write access, or set another data-directory", e);
        }
    }

    /// <returns>Whom its access rights let in besides the node's account, and the remedy; null where nobody.</returns>
    public static string? Problem(string folder)
    {
        if (OperatingSystem.IsWindows()) return null;
        var mode = (int)File.GetUnixFileMode(folder) & 0b111_111_111;
        return (mode & ~(int)OwnerOnly) == 0
            ? null
            : $"The data folder {folder} lets other accounts of this machine in (mode 0{Convert.ToString(mode, 8)}): close it with chmod -R go-rwx '{folder}'";
    }
}
