using System.Diagnostics;
using System.Globalization;

namespace TrafficFlow.SystemTests.Lab;

/// <summary>
/// The wall clock of one node, which can be stepped while it runs (libfaketime). Elapsed time goes on as it is, as on a machine whose clock
/// is set.
/// </summary>
internal sealed class NodeClock
{
    private static readonly string[] Libraries = ["/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1", "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1"];
    private readonly string _file;
    private readonly string _library;

    /// <param name="folder">For the file that tells the node how wrong its clock is.</param>
    /// <exception cref="LabUnavailableException">There is no libfaketime.</exception>
    public NodeClock(string folder)
    {
        _library = Libraries.FirstOrDefault(File.Exists) ?? throw new LabUnavailableException("a clock is stepped with Debian's libfaketime, which is not installed");
        _file = Path.Combine(folder, "clock");
        Set(TimeSpan.Zero);
    }

    /// <summary>How soon a node sees a step.</summary>
    public static TimeSpan SeenWithin { get; } = TimeSpan.FromSeconds(1);

    /// <summary>How far the clock is off from now on.</summary>
    public void Set(TimeSpan off)
    {
        // Moved into place: the node must never read half a number.
        var next = _file + ".next";
        File.WriteAllText(next, off.TotalSeconds.ToString("+0;-0;+0", CultureInfo.InvariantCulture) + "\n");
        File.Move(next, _file, overwrite: true);
    }

    public void Equip(ProcessStartInfo command)
    {
        command.Environment["LD_PRELOAD"] = _library;
        command.Environment["FAKETIME_TIMESTAMP_FILE"] = _file;
        command.Environment["FAKETIME_CACHE_DURATION"] = SeenWithin.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        command.Environment["FAKETIME_DONT_FAKE_MONOTONIC"] = "1";
        // Its repair for old C libraries ends every wait of .NET at once.
        command.Environment["FAKETIME_FORCE_MONOTONIC_FIX"] = "0";
        command.Environment["NO_FAKE_STAT"] = "1";
    }
}
