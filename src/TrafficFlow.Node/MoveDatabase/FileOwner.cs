using System.Diagnostics;
using TrafficFlow.Core.Files;

namespace TrafficFlow.Node.MoveDatabase;

/// <summary>Who works as root does it for another account: what is written beside that account's files is to be its own.</summary>
internal static class FileOwner
{
    /// <param name="like">A file or folder whose account and group the file gets.</param>
    /// <exception cref="IOException">It could not be given away.</exception>
    public static void Give(string file, string like)
    {
        if (!Environment.IsPrivilegedProcess || OperatingSystem.IsWindows()) return;
        using var chown = Process.Start(new ProcessStartInfo(ProgramPath.Of("chown"), ["--no-dereference", "--reference", like, "--", file]))!;
        chown.WaitForExit();
        if (chown.ExitCode != 0) throw new IOException($"{file} could not be given to the account of {like}");
    }
}
