using Microsoft.Extensions.Logging;

namespace TrafficFlow.Node.Subscriptions;

/// <summary>The certificate as its files say now, looked at before each handshake: a renewal needs no restart. Files that cannot be used change nothing and are told.</summary>
internal sealed partial class WatchedCertificate
{
    private readonly Lock _gate = new();
    private readonly string _certificate;
    private readonly string _key;
    private readonly string _whom;
    private readonly ILogger _log;
    private ServerCertificate _current;
    private readonly ReadAgain _again;
    private string _stamp;

    /// <param name="whom">Who is shown it, for the log.</param>
    /// <exception cref="FormatException">The files cannot be used.</exception>
    public WatchedCertificate(string certificate, string key, string whom, ILogger log, TimeProvider time)
    {
        (_certificate, _key, _whom, _log, _again) = (certificate, key, whom, log, new ReadAgain(time));
        _stamp = Stamp();
        _current = ServerCertificate.Read(certificate, key);
    }

    public ServerCertificate Current
    {
        get
        {
            lock (_gate)
            {
                var stamp = Stamp();
                if (stamp == _stamp && !_again.IsDue) return _current;
                _stamp = stamp;
                try
                {
                    // The one before may still be in use by a handshake: it goes with it.
                    _current = ServerCertificate.Read(_certificate, _key);
                    _again.Succeeded();
                    LogRead(_whom, _certificate, _current.Certificate.NotAfter.ToUniversalTime());
                }
                catch (FormatException e)
                {
                    if (_again.Failed(e.Message)) LogUnusable(_whom, e.Message);
                }

                return _current;
            }
        }
    }

    private string Stamp() =>
        string.Join('|', new[] { _certificate, _key }.Select(f => new FileInfo(f)).Select(f => f.Exists ? $"{f.LastWriteTimeUtc.Ticks} {f.Length}" : "-"));

    [LoggerMessage(LogLevel.Information, "The certificate for {Whom}, {File}, has changed and is in use; it is good until {Until:yyyy-MM-dd}")]
    private partial void LogRead(string whom, string file, DateTime until);

    [LoggerMessage(LogLevel.Error, "The certificate for {Whom} has changed and cannot be used; the one before stays: {Problem}")]
    private partial void LogUnusable(string whom, string problem);
}
