using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace TrafficFlow.Node.Monitoring;

/// <summary>When a certificate in a file expires. The file is read again when it has changed: certificates are renewed under a running node.</summary>
internal sealed class CertificateEnd(string file)
{
    private readonly Lock _gate = new();
    private DateTime _written;
    private DateTimeOffset? _end;

    /// <returns>Null where the file cannot be read; why is in the log of the node's TLS.</returns>
    public DateTimeOffset? Read()
    {
        lock (_gate)
        {
            try
            {
                var written = File.GetLastWriteTimeUtc(file);
                if (written == _written) return _end;
                using var certificate = X509Certificate2.CreateFromPem(File.ReadAllText(file));
                (_written, _end) = (written, new DateTimeOffset(certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero));
                return _end;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
            {
                (_written, _end) = (default, null);
                return null;
            }
        }
    }
}
