using System.ComponentModel;
using System.Diagnostics;

namespace TrafficFlow.SystemTests.Lab;

/// <summary>Programs of this machine, run to their end.</summary>
internal static class Shell
{
    private const int NotFound = 127;

    public static async Task<(int Code, string Output, string Error)> TryAsync(string program, params IReadOnlyList<string> args)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var error = process.StandardError.ReadToEndAsync();
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return (process.ExitCode, output, await error);
        }
        catch (Win32Exception e)
        {
            return (NotFound, "", e.Message);
        }
    }

    /// <exception cref="LabUnavailableException">It failed: what the laboratory runs itself fails only where it is not allowed.</exception>
    public static async Task<string> RunAsync(string program, params IReadOnlyList<string> args)
    {
        var (code, output, error) = await TryAsync(program, args);
        return code == 0
            ? output
            : throw new LabUnavailableException($"{program} {string.Join(' ', args)} ended with {code}: {error.Trim()}");
    }
}
