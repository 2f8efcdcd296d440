using System.Globalization;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Display;

namespace TrafficFlow.Node.Demo;

/// <summary>The demo's log: a file in its data folder, since the terminal belongs to the table. Made with the first line, when the folder is the demo's own.</summary>
internal sealed class DemoLog(string folder) : ILogEventSink, IDisposable
{
    private readonly MessageTemplateTextFormatter _layout = new("{Timestamp:HH:mm:ss} {Level:u3} {Message:lj}{NewLine}{Exception}", CultureInfo.InvariantCulture);
    private readonly Lock _lock = new();
    private StreamWriter? _file;
    private bool _isClosed;

    public string Path { get; } = System.IO.Path.Combine(folder, "demo.log");

    public void Configure(LoggerConfiguration logs) => logs
        .MinimumLevel.Information()
        .MinimumLevel.Override("Akka", LogEventLevel.Warning)
        .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
        .WriteTo.Sink(this);

    public void Emit(LogEvent logEvent)
    {
        lock (_lock)
        {
            if (!_isClosed) _layout.Format(logEvent, _file ??= Open());
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isClosed = true;
            _file?.Dispose();
        }
    }

    private StreamWriter Open()
    {
        // Never through a link that somebody laid there.
        File.Delete(Path);
        return new StreamWriter(new FileStream(Path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
    }
}
