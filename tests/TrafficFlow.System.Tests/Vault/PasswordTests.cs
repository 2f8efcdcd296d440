using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Secrets;
using Xunit;

namespace TrafficFlow.SystemTests.Vault;

public sealed class PasswordTests
{
    /// <summary>Text and its NFC as Python's unicodedata has it.</summary>
    public static TheoryData<string, string> Compositions => new()
    {
        { "か\u3099", "が" },
        { "Vo\u0302\u0323", "V\u1ed9" },
        { "\u1112\u1161\u11ab", "한" },
        { "abc", "abc" },
        { "\U000011a8\U00000f72\U00000065\U00001e0a\U00000323", "\U000011a8\U00000f72\U00000065\U00001e0c\U00000307" },
        { "\U00000301", "\U00000301" },
        { "\U0000ac00\U0000fb1d", "\U0000ac00\U000005d9\U000005b4" },
        { "\U0000ac01\U0001d15e\U000030cf\U00011099", "\U0000ac01\U0001d157\U0001d165\U000030cf\U00011099" },
        { "\U00000041\U00000307\U00000958\U00000328", "\U00000226\U00000915\U0000093c\U00000328" },
        { "\U0000ac01\U00000301\U0000304b", "\U0000ac01\U00000301\U0000304b" },
        { "\U00000915\U0000309a\U0000309a", "\U00000915\U0000309a\U0000309a" },
        { "\U00000041", "\U00000041" },
        { "\U00000307\U00000301\U00000301\U00000338", "\U00000338\U00000307\U00000301\U00000301" },
        { "\U00000304\U0001d15e\U00000307\U00000302\U00000304\U0000ac01", "\U00000304\U0001d157\U0001d165\U00000307\U00000302\U00000304\U0000ac01" },
        { "\U00000065\U0000ac00\U00000958\U00000301\U00000300", "\U00000065\U0000ac00\U00000915\U0000093c\U00000301\U00000300" },
        { "\U0000304b\U00001161\U0000212b\U000110ba\U00000041", "\U0000304b\U00001161\U000000c5\U000110ba\U00000041" },
        { "\U0000304b\U0000212b\U000011a8\U0000212b\U0000fb1d\U00001100", "\U0000304b\U000000c5\U000011a8\U000000c5\U000005d9\U000005b4\U00001100" },
        { "\U0000fb1d\U0000fb1d\U00000302", "\U000005d9\U000005b4\U000005d9\U000005b4\U00000302" },
        { "\U00000327", "\U00000327" },
        { "\U000011a8", "\U000011a8" },
        { "\U00000065\U0000fa12\U00000958\U0000ac00\U0000ac01\U000110ba\U00000041", "\U00000065\U00006674\U00000915\U0000093c\U0000ac00\U0000ac01\U000110ba\U00000041" },
        { "\U00000061\U00000302\U00000304\U00003099\U00000323\U00001e0a\U000011a8\U00000f71", "\U00001ead\U00003099\U00000304\U00001e0a\U000011a8\U00000f71" },
        { "\U00000f72\U00000327\U00001e0a\U000030cf\U000110ba\U0000ac00", "\U00000f72\U00000327\U00001e0a\U000030cf\U000110ba\U0000ac00" },
        { "\U00000061\U0000093c\U0000306f\U00000307\U00001161", "\U00000061\U0000093c\U0000306f\U00000307\U00001161" },
        { "\U00000300\U00001161\U00000328\U0001d15e\U0000306f\U0000212b", "\U00000300\U00001161\U00000328\U0001d157\U0001d165\U0000306f\U000000c5" },
        { "\U0000212b\U00000302\U0000306f\U00000300\U0000212b\U0000fb1d", "\U000000c5\U00000302\U0000306f\U00000300\U000000c5\U000005d9\U000005b4" },
        { "\U0000006f\U0000306f\U0001d15e", "\U0000006f\U0000306f\U0001d157\U0001d165" },
        { "\U00000061\U00000323\U000011a8\U00000327\U00001e0a\U00000958\U00000300", "\U00001ea1\U000011a8\U00000327\U00001e0a\U00000915\U0000093c\U00000300" },
    };

    [Theory]
    [MemberData(nameof(Compositions))]
    public void Text_is_composed_as_Unicode_says(string text, string composed) => Assert.Equal(composed, Nfc.Of(text));

    [Fact]
    public void A_password_is_verified_however_its_letters_are_composed_and_no_other_is()
    {
        var hash = PasswordHash.Create("ガレージ と鉛筆 caf\u00e9");

        Assert.StartsWith("$argon2id$v=19$m=19456,t=2,p=1$", hash, StringComparison.Ordinal);
        Assert.True(PasswordHash.Verify(hash, "カ\u3099レーシ\u3099 と鉛筆 cafe\u0301"));
        Assert.False(PasswordHash.Verify(hash, "ガレージ と鉛筆 cafe"));
        Assert.False(PasswordHash.Verify(null, "ガレージ と鉛筆 café"));
        Assert.NotEqual(hash, PasswordHash.Create("ガレージ と鉛筆 caf\u00e9"));
        Assert.False(PasswordHash.IsOld(hash));
    }

    [Fact]
    public void A_hash_with_weaker_parameters_is_verified_and_known_as_old()
    {
        var hash = PasswordHash.Create("violet anvil tractor", kibiBytes: 64, passes: 1);

        Assert.True(PasswordHash.Verify(hash, "violet anvil tractor"));
        Assert.True(PasswordHash.IsOld(hash));
    }

    [Theory]
    [InlineData("")]
    [InlineData("$argon2i$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("$argon2id$v=19$m=99999999,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("$argon2id$v=19$m=19456,t=2,p=4$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("$argon2id$v=19$m=19456,t=2,p=1$?$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void What_is_no_hash_of_ours_is_known(string text) => Assert.False(PasswordHash.IsHash(text));

    [Theory]
    [InlineData("short", "at least 12")]
    [InlineData("か\u3099か\u3099か\u3099か\u3099か\u3099か\u3099か\u3099か\u3099か\u3099か\u3099か\u3099", "has 11 characters")]
    [InlineData("aaaaaaaaaaaaaaaa", "repeats")]
    [InlineData("abcdefghijklmnop", "alphabet")]
    [InlineData("qwertyuiopasdfgh", "keyboard")]
    [InlineData("210987654321", "alphabet or the keyboard")]
    [InlineData("sunshine-2026!!", "tried first")]
    [InlineData("P@ssw0rd12345678", "tried first")]
    [InlineData("monkeymonkeymonkey", "repeats one")]
    [InlineData("anna-berta-2026", "\"anna-berta\"")]
    [InlineData("TrafficFlow2026!", "\"trafficflow\"")]
    [InlineData("tab\tin the middle", "control")]
    public void What_others_would_try_first_is_refused_and_told_why_without_the_password(string password, string why)
    {
        var problem = PasswordRule.Problem(password, "anna-berta");

        Assert.Contains(why, problem, StringComparison.Ordinal);
        Assert.DoesNotContain(password, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("correct horse battery staple")]
    [InlineData("kj3h9-zzlo2p")]
    [InlineData("鋼管通りの交差点は朝だけ混む")]
    [InlineData("brückenpfeiler 琥珀 ocarina")]
    public void Whatever_is_long_and_not_common_is_taken_without_rules_of_composition(string password) => Assert.Null(PasswordRule.Problem(password, "anna"));

    [Fact]
    public void A_password_has_256_characters_at_most()
    {
        var words = string.Join(' ', Enumerable.Range(0, 100).Select(i => $"w{i * 7919 % 1000}"));

        Assert.Null(PasswordRule.Problem(words[..256], "anna"));
        Assert.Contains("more than 256", PasswordRule.Problem(words[..257], "anna"), StringComparison.Ordinal);
        Assert.Contains("more than 256", PasswordRule.Problem(new string('x', 100_000), "anna"), StringComparison.Ordinal);
    }
}
