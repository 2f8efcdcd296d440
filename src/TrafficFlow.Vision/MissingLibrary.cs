using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using OpenCvSharp;
using TrafficFlow.Core.Detection;

namespace TrafficFlow.Vision;

/// <summary>Native libraries that cannot be loaded, told so that somebody can install what is missing.</summary>
public static partial class MissingLibrary
{
    private const string Absent = "cannot open shared object file";

    /// <summary>Loads OpenCV now, so that a machine without its libraries is told at the start and not by the first frame.</summary>
    /// <exception cref="DetectorException">It cannot be loaded.</exception>
    public static void CheckOpenCv()
    {
        try
        {
            using var any = new Mat();
        }
        catch (Exception e) when (Describe(e) is { } missing)
        {
            throw new DetectorException(missing, e);
        }
    }

    /// <summary>What is missing and how to get it; null for a failure of another kind.</summary>
    public static string? Describe(Exception failure)
    {
        for (Exception? e = failure; e is not null; e = e.InnerException)
            if (e is DllNotFoundException) return Describe(e.Message);
        return null;
    }

    private static string Describe(string message)
    {
        var library = Wanted().Match(message) is { Success: true } wanted ? wanted.Groups[1].Value : "a native library";
        // The loader names the places where it looked by their paths, and what it missed inside a library that it found without one.
        var needed = Needed().Matches(message).Select(m => m.Groups[1].Value).FirstOrDefault();
        if (needed is not null)
        {
            var package = needed.StartsWith("libgtk-3", StringComparison.Ordinal) || needed.StartsWith("libgdk-3", StringComparison.Ordinal)
                ? "apt-get install libgtk-3-0 (libgtk-3-0t64 from Debian 13 on)"
                : $"the package that holds {needed} (apt-file search {needed})";
            return $"{needed} is missing on this machine, and {library} needs it. deploy/demo.sh installs what is missing, as deploy/prepare.sh lists it; by hand: {package}";
        }

        var other = message.Split('\n').Skip(1).FirstOrDefault(l => l.Contains(".so", StringComparison.Ordinal) && !l.Contains(Absent, StringComparison.Ordinal));
        return other is not null
            ? $"{library} cannot be loaded on this machine: {other.Trim()}. deploy/prepare.sh lists what it needs"
            : $"{library} is not among the program's files for {RuntimeInformation.RuntimeIdentifier}: build it again with deploy/demo.sh, on this machine";
    }

    [GeneratedRegex(@"shared library '([^']+)'")]
    private static partial Regex Wanted();

    [GeneratedRegex(@"^([^/\s:]+\.so[^/\s:]*): " + Absent, RegexOptions.Multiline)]
    private static partial Regex Needed();
}
