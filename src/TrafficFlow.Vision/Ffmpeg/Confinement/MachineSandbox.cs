using System.ComponentModel;
using System.Diagnostics;

namespace TrafficFlow.Vision.Ffmpeg.Confinement;

/// <summary>The strictest sandbox that works on this machine, tried once, and what an operator is to know where it is not the whole one.</summary>
public static class MachineSandbox
{
    private const string NotInstalled = "bwrap is not installed: install Debian's package bubblewrap";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private static readonly Lazy<(Sandbox Sandbox, string? Missing)> s_found = new(() => Find(Environment.GetEnvironmentVariable("PATH") ?? "", Environment.IsPrivilegedProcess));

    /// <summary>Why ffmpeg runs less confined than it should, with the remedy; null where it does not, or where there is no ffmpeg.</summary>
    public static string? Missing => s_found.Value.Missing;

    internal static Sandbox Current => s_found.Value.Sandbox;

    /// <summary>The program of this name in <paramref name="path"/>, without links; null where there is none. One that holds a slash is its own path.</summary>
    internal static string? Locate(string program, string? path = null)
    {
        path ??= Environment.GetEnvironmentVariable("PATH") ?? "";
        var found = program.Contains('/', StringComparison.Ordinal)
            ? Path.GetFullPath(program)
            : path.Split(':', StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
        return found is null ? null : new FileInfo(found).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? found;
    }

    internal static (Sandbox Sandbox, string? Missing) Find(string path, bool isRoot)
    {
        if (Locate("ffmpeg", path) is not { } ffmpeg) return (Sandbox.None, null);
        var (bubblewrap, limiter) = (Locate("bwrap", path), Locate("prlimit", path));
        string? refused = null;
        if (bubblewrap is not null)
        {
            // In some containers root may not make namespaces, but a user namespace may.
            foreach (var asRoot in isRoot ? new[] { true, false } : [false])
            {
                var whole = new Sandbox(bubblewrap, asRoot, limiter);
                if (Refusal(whole, ffmpeg) is not { } why) return (whole, limiter is null ? Unlimited() : null);
                refused ??= why;
            }
        }

        var without = "ffmpeg runs without a sandbox, and what a hostile video makes of a fault in it reaches what this process reaches: "
            + (bubblewrap is null ? NotInstalled : $"bwrap cannot confine it here ({refused}): allow user namespaces (sysctl kernel.unprivileged_userns_clone=1, user.max_user_namespaces; "
                + "an AppArmor profile that lets bwrap use them), and in a container the system calls for them");
        var bounded = new Sandbox(null, false, limiter);
        return limiter is null || Refusal(bounded, ffmpeg) is not null ? (Sandbox.None, $"{without}. {Unlimited()}") : (bounded, without);
    }

    private static string Unlimited() => "Its memory is not bounded: prlimit does not work here: install Debian's package util-linux";

    /// <summary>Why nothing can be started in it; null where it can.</summary>
    private static string? Refusal(Sandbox sandbox, string ffmpeg)
    {
        var (program, arguments) = sandbox.Wrap(ffmpeg, ["-version"], Reach.Nothing);
        try
        {
            using var trial = Children.Start(Children.Command(program, arguments));
            var complaining = trial.StandardError.ReadToEndAsync();
            _ = trial.StandardOutput.ReadToEndAsync();
            if (trial.WaitForExit(s_patience)) return trial.ExitCode == 0 ? null : complaining.GetAwaiter().GetResult().Trim().Split('\n')[^1];
            Children.Kill(trial);
            return $"it did not start within {s_patience.TotalSeconds:0} s";
        }
        catch (Win32Exception e)
        {
            return e.Message;
        }
    }
}
