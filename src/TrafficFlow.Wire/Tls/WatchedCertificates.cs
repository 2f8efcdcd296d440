using Akka.Event;

namespace TrafficFlow.Wire.Tls;

/// <summary>
/// The node's certificates as their files say now: looked at before each handshake, so that a renewal or a revocation needs no restart.
/// Files that cannot be used change nothing and are told: half a copy must neither open the cluster nor close it.
/// </summary>
internal sealed class WatchedCertificates
{
    private readonly object _gate = new();
    private readonly TlsFiles _files;
    private readonly string _host;
    private readonly TimeProvider _time;
    private readonly ILoggingAdapter _log;
    private string _stamp;
    private NodeCertificates _current;

    /// <exception cref="InvalidOperationException">The files cannot be used; the message holds every problem.</exception>
    public WatchedCertificates(TlsFiles files, string host, TimeProvider time, ILoggingAdapter log)
    {
        (_files, _host, _time, _log) = (files, host, time, log);
        _stamp = Stamp();
        _current = NodeCertificates.Read(files, host, time.GetUtcNow(), out var problems)
            ?? throw new InvalidOperationException("the cluster cannot be joined: " + string.Join("; ", problems.Select(p => $"{p.Text}: {p.Remedy}")));
    }

    public NodeCertificates Current
    {
        get
        {
            lock (_gate)
            {
                if (Stamp() is var stamp && stamp != _stamp)
                {
                    _stamp = stamp;
                    Reread();
                }

                return _current;
            }
        }
    }

    private void Reread()
    {
        if (NodeCertificates.Read(_files, _host, _time.GetUtcNow(), out var problems) is { } changed)
        {
            _current = changed;
            _log.Info("The certificate files have changed and are in use: {Count} certificates may join", changed.Pins.Count);
            return;
        }

        // A node that was revoked itself still learns whom else to refuse.
        if (problems.All(p => p.File == TlsFile.Pins) && ReadPins() is { } pins) _current = _current with { Pins = pins };
        foreach (var problem in problems)
            _log.Error("The certificate files have changed and cannot all be used; what was read before stays: {Problem}: {Remedy}", problem.Text, problem.Remedy);
    }

    private PinList? ReadPins()
    {
        try
        {
            var pins = PinList.Parse(File.ReadAllText(_files.Pins), out var wrong);
            return wrong.Count == 0 ? pins : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private string Stamp() =>
        string.Join('|', new[] { _files.Ca, _files.Certificate, _files.Key, _files.Pins }.Select(f => new FileInfo(f)).Select(f => f.Exists ? $"{f.LastWriteTimeUtc.Ticks} {f.Length}" : "-"));
}
