#!/usr/bin/env perl
# Makes the geo databases of the tests: tests/data/make-mmdb.pl [FOLDER]
#
#   country-test.mmdb    MaxMind's schema, IPv4 and IPv6: country.iso_code
#   city-test.mmdb       MaxMind's schema, IPv4 and IPv6: country, subdivisions, city
#   flat-country.mmdb    flat schema, IPv4 and IPv6: country_code
#   flat-city-v4.mmdb    flat schema, IPv4 only: country_code, state1, city
#   disagree-test.mmdb   flat schema, IPv4 only: 10.0.0.0/16 lies in CH
#   foreign-test.mmdb    a sound file without any field of places
#   corrupt-test.mmdb    flat schema, cut in the data section: what is known of JP is not readable
#
# The networks 10.0.0.0/16 to 10.9.0.0/16 and fd00:0::/32 to fd00:9::/32 lie in ten places (see
# @places); in 10.250.0.0/16 are names that attack a reader of reports, and values of the wrong kind.
# The same bytes come out each time. Needs Debian's libmaxmind-db-writer-perl.
use strict;
use warnings;
use utf8;

use File::Basename qw(dirname);
use MaxMind::DB::Writer::Tree;

my $build_epoch = 1_767_225_600;    # 2026-01-01T00:00:00Z

# Country, subdivision code, subdivision name, city.
my @places = (
    [ 'DE', 'BE',  'Land Berlin',     'Berlin' ],
    [ 'FR', 'IDF', 'Île-de-France',   'Paris' ],
    [ 'US', 'CA',  'California',      'Los Angeles' ],
    [ 'GB', 'ENG', 'England',         'London' ],
    [ 'NL', 'NH',  'North Holland',   'Amsterdam' ],
    [ 'PL', '14',  'Mazovia',         'Warsaw' ],
    [ 'ES', 'MD',  'Madrid',          'Madrid' ],
    [ 'IT', '62',  'Lazio',           'Rome' ],
    [ 'BR', 'SP',  'São Paulo',       'São Paulo' ],
    [ 'JP', '13',  'Tokyo',           'Tokyo' ],
);

# Written over the hostile network, third octet by third octet. AQ tells them from the others.
my %hostile_city = (
    '10.250.0.0/16' => [ 'AQ', undef,  '</script><b>',     '</script><b>' ],
    '10.250.1.0/24' => [ 'AQ', undef,  '=cmd',             q{=cmd|' /C calc'!A0} ],
    '10.250.2.0/24' => [ 'AQ', undef,  "bell\a\e[31mred",  "line\nfeed\r\ttab" ],
    '10.250.3.0/24' => [ 'AQ', undef,  'x' x 128,          'y' x 129 ],
    '10.250.4.0/24' => [ 'A"', 'BE',   'Nowhere',          'Nowhere' ],
    '10.250.5.0/24' => [ 'AQ', '<b>',  'Code',             "nul\0byte" ],
    '10.250.6.0/24' => [ 'aq', 'x1',   '',                 '' ],
    '10.250.7.0/24' => [ 'AQ', 'LONG', "right\x{202e}left", '@SUM(1)' ],
);

my %types = (
    country            => 'map',
    registered_country => 'map',
    iso_code           => 'utf8_string',
    names              => 'map',
    en                 => 'utf8_string',
    de                 => 'utf8_string',
    subdivisions       => [ 'array', 'map' ],
    country_code       => 'utf8_string',
    state1             => 'utf8_string',
    latitude           => 'float',
    score              => 'uint32',
);

sub new_tree {
    my ( $type, $ip_version, $city_type ) = @_;
    my %type_of = ( %types, city => $city_type );
    my $tree = MaxMind::DB::Writer::Tree->new(
        ip_version               => $ip_version,
        record_size              => 24,
        database_type            => $type,
        languages                => ['en'],
        description              => { en => 'Test data' },
        remove_reserved_networks => 0,
        map_key_type_callback    => sub { $type_of{ $_[0] } },
    );
    $tree->_set_build_epoch($build_epoch);
    return $tree;
}

# Inserts record_of(place) for the ten networks of each address family.
sub insert_places {
    my ( $tree, $ip_version, $record_of ) = @_;
    for my $i ( 0 .. $#places ) {
        $tree->insert_network( "10.$i.0.0/16", $record_of->( @{ $places[$i] } ) );
        $tree->insert_network( "fd00:$i\::/32", $record_of->( @{ $places[$i] } ) )
            if $ip_version == 6;
    }
    return;
}

sub insert_hostile {
    my ( $tree, $record_of ) = @_;
    for my $network ( sort keys %hostile_city ) {
        $tree->insert_network( $network, $record_of->( @{ $hostile_city{$network} } ) );
    }
    return;
}

sub contents {
    my ($tree) = @_;
    my $bytes = '';
    open my $memory, '>:raw', \$bytes or die "memory: $!";
    $tree->write_tree($memory);
    close $memory or die "memory: $!";
    return $bytes;
}

sub save {
    my ( $path, $bytes ) = @_;
    open my $file, '>:raw', $path or die "$path: $!";
    print {$file} $bytes or die "$path: $!";
    close $file          or die "$path: $!";
    return;
}

sub country_record {
    my ($country) = @_;
    return { country => { iso_code => $country, names => { en => "Country $country" } } };
}

sub city_record {
    my ( $country, $code, $subdivision, $city ) = @_;
    my %part = ( names => { en => $subdivision, de => "($subdivision)" } );
    $part{iso_code} = $code if defined $code;
    return {
        %{ country_record($country) },
        subdivisions => [ \%part, { iso_code => 'ZZZ', names => { en => 'Second level' } } ],
        city         => { names => { de => "($city)", en => $city } },
    };
}

sub flat_city_record {
    my ( $country, undef, $subdivision, $city ) = @_;
    return {
        country_code => $country,
        state1       => $subdivision,
        city         => $city,
        latitude     => 1.5,
    };
}

sub country_test {
    my $tree = new_tree( 'Test-Country', 6, 'map' );
    insert_places( $tree, 6, \&country_record );
    $tree->insert_network( '10.250.0.0/16', country_record('</') );
    $tree->insert_network( '10.250.1.0/24',
        { country => { iso_code => '=c' }, registered_country => { iso_code => 'AQ' } } );
    $tree->insert_network( '10.250.2.0/24', country_record('ZZ') );
    $tree->insert_network( '10.250.3.0/24', country_record('AQX') );
    $tree->insert_network( '10.251.0.0/16', { registered_country => { iso_code => 'XK' } } );
    return contents($tree);
}

sub city_test {
    my $tree = new_tree( 'Test-City', 6, 'map' );
    insert_places( $tree, 6, \&city_record );
    insert_hostile( $tree, \&city_record );
    return contents($tree);
}

sub flat_country_tree {
    my $tree = new_tree( 'country ipvAll', 6, 'utf8_string' );
    insert_places( $tree, 6, sub { return { country_code => $_[0] } } );
    return $tree;
}

sub flat_country {
    my $tree = flat_country_tree();
    $tree->insert_network( '10.250.0.0/16', { country_code => '<b' } );
    $tree->insert_network( '10.250.1.0/24', { country_code => '' } );
    return contents($tree);
}

sub flat_city_v4 {
    my $tree = new_tree( 'city ipv4', 4, 'utf8_string' );
    insert_places( $tree, 4, \&flat_city_record );
    insert_hostile( $tree, \&flat_city_record );
    return contents($tree);
}

sub disagree_test {
    my $tree = new_tree( 'country ipv4', 4, 'utf8_string' );
    $tree->insert_network( '10.0.0.0/16', { country_code => 'CH' } );
    return contents($tree);
}

sub foreign_test {
    my $tree = new_tree( 'Test-Score', 4, 'utf8_string' );
    $tree->insert_network( '10.0.0.0/16', { score => 7 } );
    return contents($tree);
}

# Records are stored in the order of their networks: the last one loses its two letters.
sub corrupt_test {
    my $bytes = contents( flat_country_tree() );
    my $end = rindex $bytes, "\xab\xcd\xefMaxMind.com";
    return substr( $bytes, 0, $end - 2 ) . substr( $bytes, $end );
}

my $folder = shift // dirname(__FILE__) . '/geo';
save( "$folder/country-test.mmdb", country_test() );
save( "$folder/city-test.mmdb",    city_test() );
save( "$folder/flat-country.mmdb", flat_country() );
save( "$folder/flat-city-v4.mmdb", flat_city_v4() );
save( "$folder/disagree-test.mmdb", disagree_test() );
save( "$folder/foreign-test.mmdb", foreign_test() );
save( "$folder/corrupt-test.mmdb", corrupt_test() );
