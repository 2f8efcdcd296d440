using System.Diagnostics;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Erasure;
using Xunit;

namespace TrafficFlow.SystemTests.Vault.Erasure;

/// <summary>A receipt in the hands of somebody who has nothing but the public key.</summary>
public sealed class ErasureReceiptTests : IDisposable
{
    private readonly ErasedVault _erased = new();

    [Fact]
    public void Each_byte_that_is_changed_is_refused()
    {
        var file = File.ReadAllBytes(_erased.Eraser.Erase(ErasedVault.Order(ErasedVault.Kokandori("cam1", ErasedVault.Time(0, 0), ErasedVault.Time(0, 2)))));
        Assert.Equal("tanaka", ReceiptFile.Verify(file, _erased.PublicKeys).Order.By);

        var random = new Random(3);
        for (var at = 0; at < file.Length; at++)
        {
            var kept = file[at];
            file[at] = (byte)(kept ^ (1 << random.Next(8)));
            Assert.Throws<FormatException>(() => ReceiptFile.Verify(file, _erased.PublicKeys));
            file[at] = kept == (byte)' ' ? (byte)'\n' : (byte)' ';
            Assert.Throws<FormatException>(() => ReceiptFile.Verify(file, _erased.PublicKeys));
            file[at] = kept;
        }

        for (var length = 0; length < file.Length; length += 7) Assert.Throws<FormatException>(() => ReceiptFile.Verify(file.AsSpan(0, length), _erased.PublicKeys));
        Assert.Throws<FormatException>(() => ReceiptFile.Verify([.. file, (byte)'\n'], _erased.PublicKeys));
        Assert.Throws<FormatException>(() => ReceiptFile.Verify([(byte)'\n', .. file], _erased.PublicKeys));
        using var other = AuditKey.Create();
        Assert.Contains("ask the operator", Assert.Throws<FormatException>(() => ReceiptFile.Verify(file, AuditPublicKeys.Parse(other.PublicPem))).Message);
        Assert.Equal("tanaka", ReceiptFile.Verify(file, _erased.PublicKeys).Order.By);
    }

    [Fact]
    public async Task Openssl_and_the_public_key_are_enough()
    {
        var path = _erased.Eraser.Erase(ErasedVault.Order(ErasedVault.Kokandori("cam2")));
        using var folder = new SettingsFolder();
        string At(string name) => Path.Combine(folder.Path, name);
        await File.WriteAllTextAsync(At("public.pem"), _erased.PublicPem, TestContext.Current.CancellationToken);
        var text = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        var at = text.LastIndexOf("-----SIGNATURE", StringComparison.Ordinal);
        await File.WriteAllTextAsync(At("signed"), text[..at], TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(At("signature"), Convert.FromBase64String(text[at..].Split('\n')[1]), TestContext.Current.CancellationToken);

        using var openssl = Process.Start(new ProcessStartInfo("openssl", ["pkeyutl", "-verify", "-pubin", "-inkey", At("public.pem"), "-rawin", "-in", At("signed"), "-sigfile", At("signature")]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = await openssl.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await openssl.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, openssl.ExitCode);
        Assert.Contains("Verified Successfully", said);
    }

    public void Dispose() => _erased.Dispose();
}
