using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using TrafficFlow.Core.Files;

namespace TrafficFlow.Node.Mark;

/// <summary>
/// Opens the page in a browser of this machine, by way of a file that only this account can read: what stands on a command line can be read by all. The
/// file goes with this.
/// </summary>
internal sealed class MarkBrowser : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("trafficflow-mark-");

    /// <returns>Null, or why the address must be opened by hand.</returns>
    public string? Open(Uri address)
    {
        var file = Path.Combine(_folder.FullName, "open.html");
        try
        {
            using (var page = new StreamWriter(FileDraft.Create(file)))
                page.Write($"<!doctype html><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" content=\"0;url={WebUtility.HtmlEncode(address.ToString())}\"><title>trafficflow mark</title>\n");
            using var _ = Process.Start(new ProcessStartInfo(ProgramPath.Of("xdg-open"), [file]) { RedirectStandardError = true, RedirectStandardOutput = true });
            return null;
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            return "There is no browser here that could be opened: open the address yourself. Over ssh: forward the port with ssh -L.";
        }
    }

    public void Dispose()
    {
        try
        {
            _folder.Delete(recursive: true);
        }
        catch (IOException)
        {
            // Somebody cleared the temporary files; the code in it is used or never will be.
        }
    }
}
