using MiniNet.Data;

namespace MiniNet.Tests.Data;

public class NearestNameTests
{
    [Theory]
    [InlineData("ID", "AB id", "id")] // if case mattered, both would be two edits away
    [InlineData("kitten", "mutton sitting kitchen", "kitchen")] // substitutions and insertions: 3, 3 and 2 edits away
    [InlineData("abc", "xabcx ab xyz", "ab")] // deleting one letter is closer than inserting two
    [InlineData("abcdef", "fedcba bcdefa", "bcdefa")]
    [InlineData("abcd", "abxx abyy", "abxx")] // the first of several
    [InlineData("abcd", "axxx", null)] // three of four letters differ: not a typing error
    [InlineData("", "a", null)]
    public void Of_Names_ReturnsTheNearestUpToHalfTheLength(string name, string candidates, string? expected) =>
        Assert.Equal(expected, NearestName.Find(name, candidates.Split(' ')));
}
