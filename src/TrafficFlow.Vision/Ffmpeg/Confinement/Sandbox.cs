using System.Globalization;

namespace TrafficFlow.Vision.Ffmpeg.Confinement;

/// <summary>
/// The command line that confines a child: bubblewrap gives it a file system, processes and a network of its own, prlimit bounds its memory.
/// Pure. ffmpeg reads what strangers made, in C: what a stranger makes of a fault in it is to reach nothing.
/// </summary>
/// <param name="Bubblewrap">Path of bwrap; null: without.</param>
/// <param name="IsRoot">This process is root: no user namespace is needed, and ffmpeg keeps root's right to read its input.</param>
/// <param name="Limiter">Path of prlimit; null: without.</param>
internal sealed record Sandbox(string? Bubblewrap, bool IsRoot, string? Limiter)
{
    public static readonly Sandbox None = new(null, false, null);

    private static readonly string[] s_system = ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"];
    private static readonly string[] s_settings = ["/etc/alternatives", "/etc/ld.so.cache"];

    /// <summary>Names are resolved by files, DNS, systemd or mDNS; https needs certificates.</summary>
    private static readonly string[] s_networkSettings =
    [
        "/etc/resolv.conf", "/etc/hosts", "/etc/host.conf", "/etc/nsswitch.conf", "/etc/gai.conf", "/etc/services", "/etc/ssl", "/etc/gnutls",
        "/run/systemd/resolve", "/run/avahi-daemon/socket",
    ];

    /// <param name="program">Full path of ffmpeg or ffprobe.</param>
    public (string Program, IReadOnlyList<string> Arguments) Wrap(string program, IEnumerable<string> arguments, Reach reach)
    {
        List<string> line = [];
        if (Bubblewrap is not null) line.AddRange([Bubblewrap, .. Namespaces(reach), .. Files(program, reach), "--"]);
        if (Limiter is not null) line.AddRange([Limiter, .. Limits(reach), "--"]);
        line.AddRange([program, .. arguments]);
        return (line[0], line[1..]);
    }

    private IEnumerable<string> Namespaces(Reach reach) =>
    [
        "--die-with-parent", "--new-session", "--unshare-ipc", "--unshare-pid", "--unshare-uts", "--unshare-cgroup-try",
        .. reach.IsOnNetwork ? Array.Empty<string>() : ["--unshare-net"],
        // Files of other accounts: root reads them by a capability, and of those this is the only one left.
        .. IsRoot ? ["--cap-drop", "ALL", "--cap-add", "CAP_DAC_READ_SEARCH"] : new[] { "--unshare-user" },
    ];

    private static IEnumerable<string> Files(string program, Reach reach)
    {
        List<string> files = ["--ro-bind", "/usr", "/usr"];
        foreach (var folder in s_system)
        {
            // Debian has links to /usr there, others folders.
            if (new DirectoryInfo(folder) is not { Exists: true } there) continue;
            files.AddRange(there.LinkTarget is { } target ? ["--symlink", target, folder] : ["--ro-bind", folder, folder]);
        }

        foreach (var file in reach.IsOnNetwork ? [.. s_settings, .. s_networkSettings] : s_settings) files.AddRange(["--ro-bind-try", file, file]);
        foreach (var device in new[] { "/dev/null", "/dev/urandom" }) files.AddRange(["--dev-bind-try", device, device]);
        if (!program.StartsWith("/usr/", StringComparison.Ordinal) && Path.GetDirectoryName(program) is { } own) files.AddRange(["--ro-bind", own, own]);
        if (reach.Reads is { } input) files.AddRange(["--ro-bind", input, input]);
        if (reach.Writes is { } output) files.AddRange(["--bind", output, output]);
        if (reach.Device is { } camera) files.AddRange(["--dev-bind", camera, camera]);
        return [.. files, "--remount-ro", "/", "--chdir", "/"];
    }

    /// <summary>No dump of a crash may hold a picture, and what reads writes no file.</summary>
    private static IEnumerable<string> Limits(Reach reach) =>
    [
        $"--data={reach.Bytes.ToString(CultureInfo.InvariantCulture)}", "--core=0", "--nofile=128",
        .. reach.Writes is null ? ["--fsize=0"] : Array.Empty<string>(),
        .. reach.Processor is { } time ? [$"--cpu={time.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)}"] : Array.Empty<string>(),
    ];
}
