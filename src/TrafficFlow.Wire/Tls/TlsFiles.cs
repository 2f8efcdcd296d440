namespace TrafficFlow.Wire.Tls;

/// <summary>The files with which a node takes part in an encrypted cluster; deploy/ca.sh makes them.</summary>
/// <param name="Ca">The certificate of our own CA. No other issuer counts, nor what the machine trusts.</param>
/// <param name="Certificate">This node's certificate.</param>
/// <param name="Key">Its private key.</param>
/// <param name="Pins">The certificates that may join; to revoke one is to take its line out.</param>
public sealed record TlsFiles(string Ca, string Certificate, string Key, string Pins);

/// <summary>Which of <see cref="TlsFiles"/> a problem is about.</summary>
public enum TlsFile
{
    Ca,
    Certificate,
    Key,
    Pins,
}

/// <summary>What is wrong with a node's own files, and what to do.</summary>
public sealed record TlsProblem(TlsFile File, string Text, string Remedy);
